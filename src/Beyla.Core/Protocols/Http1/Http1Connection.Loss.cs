using Beyla.Tracing;

namespace Beyla.Protocols.Http1;

/// <summary>What happens when bytes were missed, and how a message is found again.</summary>
internal sealed partial class Http1Connection
{
    /// <summary>Lost while pipelined: no response can be paired with certainty until the connection has paused and a side takes its turn.</summary>
    private bool _isQuarantined;

    private void OnGap(Http1Stream stream, uint bytes, IExchangeSink sink)
    {
        switch (stream.Phase)
        {
            case StreamPhase.Fixed when stream.Remaining >= bytes:
                stream.Remaining -= bytes;
                if (stream.Remaining == 0)
                {
                    EndInGap(stream, sink);
                    stream.Phase = StreamPhase.Head;
                }

                return;
            case StreamPhase.Chunked when stream.Chunks.TrySkip(bytes):
                return;
            case StreamPhase.UntilClose:
                _responseSize += bytes;
                return;
            case StreamPhase.Inferred:
                PassInferred(bytes, stream.LastTime, sink);
                return;
        }

        Counters.Gaps++;
        Counters.GapBytes += bytes;
        EndInGap(stream, sink);
        Lose(stream);
    }

    /// <summary>The message that was passing ended inside the missing bytes, at a time that nobody saw.</summary>
    private void EndInGap(Http1Stream stream, IExchangeSink sink)
    {
        var isFixed = stream.Phase == StreamPhase.Fixed;
        if (stream == _requests)
        {
            if (isFixed)
            {
                EndRequest(KeepSize);
            }

            _bodyNumber = NoRequest;
        }
        else if (_isResponding)
        {
            EndResponse(stream, stream.LastTime, isFixed ? _responseSize : Http1Head.Absent, SpanEnd.Inferred, sink);
        }
    }

    /// <summary>
    /// Whether a segment after a change of direction is what the other side waited for. After a loss it may be the middle of
    /// a message; then it has to begin where the stream stood when the other side was heard last.
    /// </summary>
    private bool IsTurn(Http1Stream stream, uint start)
    {
        var opposite = Opposite(stream);
        return stream is { Phase: StreamPhase.Lost, WasLost: false } || (opposite.IsSeen && start == opposite.LastOpposite);
    }

    /// <summary>Looks at the beginning of a turn for the beginning of a message, where the stream's own framing does not say.</summary>
    private void FindMessage(Http1Stream stream, ReadOnlySpan<byte> known, IExchangeSink sink)
    {
        if (known.IsEmpty)
        {
            return;
        }

        if (stream.Phase == StreamPhase.Lost)
        {
            stream.Phase = MayBeginMessage(stream, known) ? StreamPhase.Head : StreamPhase.Lost;
        }
        else if (stream == _responses && Http1HeadParser.IsResponse(known) && IsWeaklyFramed(stream))
        {
            if (_isResponding)
            {
                InferEnd(stream.LastTime, isWhole: true, sink);
            }

            AwaitMessage(stream);
            stream.Phase = StreamPhase.Head;
        }
    }

    private bool MayBeginMessage(Http1Stream stream, ReadOnlySpan<byte> known)
    {
        known = known[Http1HeadParser.CountEmptyLines(known)..];
        return stream == _responses
            ? Http1HeadParser.MayBeResponse(known)
            : !(stream == _requests && Http1HeadParser.IsResponse(known)) && Http1HeadParser.Parse(known, out _) != HeadResult.NotMine;
    }

    /// <summary>A response without a request may be one to HEAD, whose Content-Length announces nothing.</summary>
    private bool IsWeaklyFramed(Http1Stream stream) =>
        _isResponding ? HasInferredEnd(stream) : stream.Phase is StreamPhase.Fixed or StreamPhase.Chunked;

    private void PassLost(Http1Stream stream, ref SegmentCursor cursor, long time)
    {
        if (Verdict == ProtocolVerdict.Undecided && ++_strangeSegments > MaxStrangeSegments)
        {
            Verdict = ProtocolVerdict.NotMine;
        }

        if (Verdict == ProtocolVerdict.Recognized && !stream.WasLost)
        {
            Lose(stream);
        }

        if (stream == _requests)
        {
            TouchRequest(time);
        }

        cursor.SkipToEnd();
    }

    private void Lose(Http1Stream stream)
    {
        Counters.LostSync++;
        stream.MayHaveMissed = true;
        AwaitMessage(stream);
    }

    /// <summary>Nothing is known of the stream until a turn begins with a message.</summary>
    private void AwaitMessage(Http1Stream stream)
    {
        stream.DropHead();
        stream.Phase = StreamPhase.Lost;
        stream.WasLost = true;
        if (_isPipelined)
        {
            Quarantine();
        }
    }

    private void Quarantine()
    {
        Counters.DroppedRequests += _queue.Count;
        _queue.Clear();
        _held.Clear();
        _isResponding = false;
        _isQuarantined = true;
    }

    private bool IsQuarantined(long time, bool isTurn)
    {
        if (!_isQuarantined)
        {
            return false;
        }

        var mayResume = isTurn && time - _lastTime >= IdleNanoseconds;
        _lastTime = time;
        if (mayResume)
        {
            _isQuarantined = false;
            _hasSegments = false;
            ForgetMessages();
        }

        return !mayResume;
    }
}
