using Beyla.Capture;
using Beyla.Tracing;

namespace Beyla.Protocols.Http2;

/// <summary>
/// Reads the frames of both directions of an HTTP/2 connection (RFC 9113) and puts requests and responses together by their
/// stream. Frames are delimited by position: bytes of DATA that were not copied or were lost change nothing but counts;
/// bytes of a header block that were lost make unknown what later blocks say by reference to them.
/// </summary>
internal sealed partial class Http2Connection : ProtocolConnection
{
    /// <summary>A finished exchange does not wait longer than this for what the other direction said before it.</summary>
    private const long PatienceNanoseconds = 1_000_000_000;

    /// <summary>Segments in the middle of something unknown before a connection that nothing is known of is given up.</summary>
    private const int MaxStrangeSegments = 32;

    /// <summary>Frames in a row that make a connection HTTP/2 without having seen its beginning or a request.</summary>
    private const int TellingFrames = 8;

    private const uint UpgradedStream = 1;

    private readonly Http2Protocol _protocol;
    private readonly Http2Direction _sent;
    private readonly Http2Direction _received;

    private bool _hasRole;
    private Http2Direction? _requests;
    private Http2Direction? _responses;
    private SocketEndpoint _local;
    private SocketEndpoint _remote;
    private bool _hasSegments;
    private bool _isEnded;
    private int _strangeSegments;
    private int _frames;
    private uint _prefaceOpposite;
    private long _prefaceTime;

    internal Http2Connection(Http2Protocol protocol)
    {
        _protocol = protocol;
        _sent = new Http2Direction(SocketDirection.Sent, protocol.Fields, protocol.Memory);
        _received = new Http2Direction(SocketDirection.Received, protocol.Fields, protocol.Memory);
    }

    /// <inheritdoc/>
    /// <remarks>The kernel follows the frames by itself and is silent inside long ones.</remarks>
    public override QuietHint? Quiet => null;

    /// <inheritdoc/>
    public override bool AwaitsIdle => _waiting.Count > 0;

    private ProtocolCounters Counters => _protocol.Counters;

    private HeaderFields Fields => _protocol.Fields;

    /// <inheritdoc/>
    public override void OnSegment(in SocketSegment segment, bool isTurn, IExchangeSink sink)
    {
        if (_isEnded || segment.Length == 0 || Verdict > ProtocolVerdict.Recognized)
        {
            return;
        }

        if (!_hasSegments)
        {
            _hasSegments = true;
            _local = segment.Local;
            _remote = segment.Remote;
        }

        Process(segment.Direction == SocketDirection.Sent ? _sent : _received, segment, sink);
        Settle(sink);
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
        if (!endsResponses || _isEnded)
        {
            return;
        }

        _isEnded = true;
        Counters.IncompleteHeads += (_sent.IsInBlock ? 1 : 0) + (_received.IsInBlock ? 1 : 0);
        EndAll(timeNanoseconds, sink);
    }

    /// <inheritdoc/>
    public override void OnIdle(long nowNanoseconds, IExchangeSink sink)
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (nowNanoseconds - _waiting[i].EndTime >= PatienceNanoseconds)
            {
                Finish(_waiting[i], sink);
                _waiting.RemoveAt(i);
            }
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Verdict = ProtocolVerdict.Undecided;
        WantsLargerHead = false;
        ForgetStreams();
        _sent.Reset();
        _received.Reset();
        _hasRole = false;
        _requests = _responses = null;
        _hasSegments = _isEnded = false;
        _strangeSegments = _frames = 0;
        _prefaceTime = 0;
    }

    /// <summary>Goes on where HTTP/1 ended. A request that asked for the upgrade is answered on stream 1 (RFC 7540 §3.2).</summary>
    internal void TakeOver(ProtocolUpgrade upgrade)
    {
        Verdict = ProtocolVerdict.Recognized;
        SetRole(upgrade.Requests == SocketDirection.Sent ? _sent : _received);
        _requests!.IsSeen = true;
        _requests.Position = upgrade.RequestPosition;
        _requests.Phase = FramePhase.Preface;
        _requests.PrefacePassed = upgrade.Taken;
        _responses!.IsSeen = upgrade.AreResponsesSeen;
        _responses.Position = upgrade.ResponsePosition;
        _responses.Phase = FramePhase.Header;
        if (upgrade.HasRequest && Add(UpgradedStream) is { } stream)
        {
            stream.SetRequest(upgrade);
            _firstRequest = _lastRequest = UpgradedStream;
        }
    }

    private void Process(Http2Direction direction, in SocketSegment segment, IExchangeSink sink)
    {
        var start = segment.EndPosition - segment.Length;
        var cursor = new SegmentCursor(segment);
        if (!SkipTo(direction, start, ref cursor, segment, sink))
        {
            return;
        }

        while (!cursor.IsAtEnd && Verdict <= ProtocolVerdict.Recognized)
        {
            direction.Position = start + cursor.Offset;
            Step(direction, ref cursor, segment, sink);
        }

        direction.Position = segment.EndPosition;
        direction.LastTime = segment.TimeNanoseconds;
    }

    /// <summary>Compares a segment's start with the direction's position: a gap before it, or bytes that were processed already.</summary>
    /// <returns>Whether anything of the segment is left.</returns>
    private bool SkipTo(Http2Direction direction, uint start, ref SegmentCursor cursor, in SocketSegment segment, IExchangeSink sink)
    {
        if (!direction.IsSeen)
        {
            // What a server sends before it has read the client's preface may be reported after it.
            direction.IsSeen = true;
            direction.Position = direction.Phase != FramePhase.Lost && (int)(start - direction.Position) > 0 ? direction.Position : start;
        }

        var ahead = (int)(start - direction.Position);
        if (ahead > 0)
        {
            OnGap(direction, (uint)ahead, segment, sink);
            direction.Position = start;
            return true;
        }

        if (ahead < 0 && (uint)-ahead >= cursor.Length)
        {
            return false;
        }

        cursor.Offset = (uint)-ahead;
        return true;
    }

    private void Step(Http2Direction direction, ref SegmentCursor cursor, in SocketSegment segment, IExchangeSink sink)
    {
        switch (direction.Phase)
        {
            case FramePhase.Preface:
                ReadPreface(direction, ref cursor);
                break;
            case FramePhase.Header:
                ReadHeader(direction, ref cursor, segment, sink);
                break;
            case FramePhase.Payload:
                ReadPayload(direction, ref cursor, segment, sink);
                break;
            default:
                FindFrame(direction, ref cursor, segment);
                break;
        }
    }

    private Http2Direction Opposite(Http2Direction direction) => direction == _sent ? _received : _sent;

    private void SetRole(Http2Direction requests)
    {
        _hasRole = true;
        _requests = requests;
        _responses = Opposite(requests);
    }
}
