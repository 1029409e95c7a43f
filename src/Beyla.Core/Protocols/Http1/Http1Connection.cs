using Beyla.Capture;
using Beyla.Tracing;

namespace Beyla.Protocols.Http1;

/// <summary>
/// Cuts the two byte streams of an HTTP/1 connection into exchanges. Messages are delimited by their own framing and by
/// position, never by turns; responses belong to requests in order (RFC 9112 §9.3.2). A turn only helps to find a message's
/// beginning again after bytes were missed.
/// </summary>
internal sealed partial class Http1Connection(Http1Protocol protocol) : ProtocolConnection
{
    /// <summary>A body has to have this much more before it is worth telling the kernel.</summary>
    private const long MinQuietBytes = 64 * 1024;

    /// <summary>Positions wrap at 2^32; a hint further ahead could be taken for one behind.</summary>
    private const long MaxQuietBytes = (1 << 30) - 1;

    /// <summary>A response whose end can't be told from its bytes ends when none came for this long.</summary>
    private const long IdleNanoseconds = 1_000_000_000;

    /// <summary>Segments in the middle of something unknown before the connection is given up.</summary>
    private const int MaxStrangeSegments = 32;

    private readonly Http1Stream _sent = new(SocketDirection.Sent);
    private readonly Http1Stream _received = new(SocketDirection.Received);
    private readonly RequestQueue _queue = new(protocol.KeepsQuery);
    private readonly HeldSegments _held = new();

    private bool _hasRole;
    private Http1Stream? _requests;
    private Http1Stream? _responses;
    private SocketEndpoint _local;
    private SocketEndpoint _remote;
    private SocketDirection _lastDirection;
    private long _lastTime;
    private bool _hasSegments;
    private bool _isEnded;
    private int _strangeSegments;

    /// <inheritdoc/>
    /// <remarks>A response without a request may be one to HEAD: silence about a content that never comes would swallow what follows.</remarks>
    public override QuietHint? Quiet => (_isResponding ? QuietOf(_responses) : null) ?? QuietOf(_requests);

    /// <inheritdoc/>
    public override bool AwaitsIdle => _isResponding && _responses!.Phase == StreamPhase.Inferred && _missingBytes <= 0;

    private ProtocolCounters Counters => protocol.Counters;

    /// <inheritdoc/>
    public override void OnSegment(in SocketSegment segment, bool isTurn, IExchangeSink sink)
    {
        if (_isEnded || segment.Length == 0 || Verdict > ProtocolVerdict.Recognized || IsQuarantined(segment.TimeNanoseconds, isTurn))
        {
            return;
        }

        var beginsTurn = !_hasSegments || segment.Direction != _lastDirection;
        if (!_hasSegments)
        {
            _hasSegments = true;
            _local = segment.Local;
            _remote = segment.Remote;
        }

        _lastDirection = segment.Direction;
        _lastTime = segment.TimeNanoseconds;
        if (_held.Count > 0 && segment.Direction == _held.Direction)
        {
            Hold(segment, beginsTurn, sink);
            return;
        }

        if (!Process(StreamOf(segment.Direction), segment, beginsTurn, sink))
        {
            Hold(segment, beginsTurn, sink);
        }

        ReplayHeld(sink);
    }

    /// <inheritdoc/>
    public override void OnEnd(SocketEnd end, long timeNanoseconds, IExchangeSink sink)
    {
        // Only the sender of responses can end them: the other side's FIN says merely that no request follows.
        var endsResponses = end switch
        {
            SocketEnd.EndOfInput => _hasRole && _responses!.Direction == SocketDirection.Received,
            SocketEnd.Shut => _hasRole && _responses!.Direction == SocketDirection.Sent,
            _ => true,
        };
        if (!endsResponses || _isEnded || _isQuarantined)
        {
            return;
        }

        ReleaseHeld(sink);
        _isEnded = true;
        if (!_hasRole)
        {
            CountIncompleteHead(_sent);
            CountIncompleteHead(_received);
            return;
        }

        CountIncompleteHead(_requests!);
        EndResponse(end, timeNanoseconds, sink);
        AbortOutstanding(timeNanoseconds, sink);
    }

    /// <inheritdoc/>
    public override void OnIdle(long nowNanoseconds, IExchangeSink sink)
    {
        if (AwaitsIdle && nowNanoseconds - _responses!.LastTime >= IdleNanoseconds)
        {
            InferEnd(_responses.LastTime, isWhole: true, sink);
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Verdict = ProtocolVerdict.Undecided;
        WantsLargerHead = false;
        ForgetMessages();
        _isEnded = false;
        _hasSegments = false;
        _strangeSegments = 0;
        _isQuarantined = false;
        _hasPaired = false;
        _isUpgradedToHttp2 = false;
        _prefaceBytes = 0;
    }

    /// <returns>Whether all of the segment was processed; else it has to be held from the stream's position on.</returns>
    private bool Process(Http1Stream stream, in SocketSegment segment, bool beginsTurn, IExchangeSink sink)
    {
        var start = segment.EndPosition - segment.Length;
        var cursor = new SegmentCursor(segment);
        if (!SkipTo(stream, segment, start, ref cursor, sink))
        {
            return true;
        }

        if (beginsTurn && cursor.Offset == 0 && IsTurn(stream, start))
        {
            FindMessage(stream, cursor.Known, sink);
        }

        // What a side says after the other one is a message as a rule, also where that can't be seen.
        stream.MayHaveMissed |= (beginsTurn || segment.OppositePosition != stream.LastOpposite)
            && (stream.Phase == StreamPhase.Lost || stream is { Phase: StreamPhase.Chunked, Chunks.IsLost: true });

        while (!cursor.IsAtEnd && Verdict <= ProtocolVerdict.Recognized && !_isQuarantined)
        {
            stream.Position = start + cursor.Offset;
            if (!Step(stream, ref cursor, segment, sink))
            {
                stream.Position = start + cursor.Offset;
                return false;
            }
        }

        stream.Position = Verdict == ProtocolVerdict.Upgraded ? start + cursor.Offset : segment.EndPosition;
        stream.LastTime = segment.TimeNanoseconds;
        stream.LastOpposite = segment.OppositePosition;
        return true;
    }

    /// <summary>Compares a segment's start with the stream's position: a gap before it, or bytes that were processed already.</summary>
    /// <returns>Whether anything of the segment is left.</returns>
    private bool SkipTo(Http1Stream stream, in SocketSegment segment, uint start, ref SegmentCursor cursor, IExchangeSink sink)
    {
        if (!stream.IsSeen)
        {
            // The other side may know that there was something before. It can't know that there was not: what it reports
            // may be of later than its segment.
            var opposite = Opposite(stream);
            stream.IsSeen = true;
            stream.FirstOpposite = segment.OppositePosition;
            stream.Position = opposite.IsSeen && (int)(start - opposite.FirstOpposite) > 0 ? opposite.FirstOpposite : start;
            ReplayHeldBefore(stream, sink);
        }

        var ahead = (int)(start - stream.Position);
        if (ahead > 0)
        {
            stream.Position = start;
            OnGap(stream, (uint)ahead, sink);
            ReplayHeldBefore(stream, sink);
            return true;
        }

        if (ahead < 0 && (uint)-ahead >= cursor.Length)
        {
            return false;
        }

        cursor.Offset = (uint)-ahead;
        return true;
    }

    /// <returns>Whether the bytes could be processed now.</returns>
    private bool Step(Http1Stream stream, ref SegmentCursor cursor, in SocketSegment segment, IExchangeSink sink)
    {
        switch (stream.Phase)
        {
            case StreamPhase.Head:
                return ReadHead(stream, ref cursor, segment, sink);
            case StreamPhase.Fixed:
                var count = (uint)Math.Min(stream.Remaining, cursor.Remaining);
                cursor.Offset += count;
                stream.Remaining -= count;
                OnBody(stream, segment.TimeNanoseconds, stream.Remaining == 0, sink);
                break;
            case StreamPhase.Chunked:
                stream.Chunks.Advance(ref cursor);
                OnBody(stream, segment.TimeNanoseconds, stream.Chunks.IsDone, sink);
                break;
            case StreamPhase.UntilClose:
                _responseSize += cursor.Remaining;
                cursor.SkipToEnd();
                break;
            case StreamPhase.Inferred:
                PassInferred(cursor.Remaining, segment.TimeNanoseconds, sink);
                cursor.SkipToEnd();
                break;
            default:
                PassLost(stream, ref cursor, segment.TimeNanoseconds);
                break;
        }

        return true;
    }

    private Http1Stream StreamOf(SocketDirection direction) => direction == SocketDirection.Sent ? _sent : _received;

    private Http1Stream Opposite(Http1Stream stream) => stream == _sent ? _received : _sent;

    private QuietHint? QuietOf(Http1Stream? stream) =>
        stream is { Phase: StreamPhase.Fixed, Remaining: > MinQuietBytes } && Verdict == ProtocolVerdict.Recognized
            ? new QuietHint(stream.Direction, stream.Position + (uint)Math.Min(stream.Remaining, MaxQuietBytes))
            : null;

    private void SetRole(Http1Stream requests)
    {
        _hasRole = true;
        _requests = requests;
        _responses = Opposite(requests);
    }

    private void CountIncompleteHead(Http1Stream stream)
    {
        if (stream.Buffered > 0)
        {
            Counters.IncompleteHeads++;
            stream.DropHead();
        }
    }

    private void ForgetMessages()
    {
        _sent.Reset();
        _received.Reset();
        _queue.Clear();
        _held.Clear();
        _hasRole = false;
        _requests = _responses = null;
        _isResponding = false;
        _isPipelined = false;
        _unqueued = 0;
        _bodyNumber = NoRequest;
    }
}
