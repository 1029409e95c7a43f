using Beyla.Capture;

namespace Beyla.Protocols.Http2;

/// <summary>How exchanges end, and what an ended one waits for: the kernel may report the directions out of order.</summary>
internal sealed partial class Http2Connection
{
    private readonly List<Http2Stream> _waiting = [];

    /// <summary>Whether what happens now happened among bytes that were missed, at a time that nobody saw.</summary>
    private bool _isInGap;

    /// <param name="stream">Whose response ended, or is one that goes on for ever.</param>
    /// <param name="isOpen">Whether the response only began, and its end is not the exchange's.</param>
    /// <param name="segment">Holds the last byte.</param>
    /// <param name="sink">Takes the exchange.</param>
    private void EndExchange(Http2Stream stream, bool isOpen, in SocketSegment segment, IExchangeSink sink)
    {
        stream.Reset = null;
        stream.IsAborted = stream.IsResetByClient = false;
        stream.IsOpen = isOpen;
        stream.IsEndInferred = _isInGap;
        End(stream, segment, sink);
    }

    private void OnReset(Http2Direction direction, uint id, ErrorCode? code, in SocketSegment segment, IExchangeSink sink)
    {
        // A reset behind the whole response ends what is left of the request, as when the answer did not need it.
        if (!_hasRole || !_streams.TryGetValue(id, out var stream) || stream.IsEnded)
        {
            return;
        }

        stream.IsAborted = true;
        stream.Reset = code;
        stream.IsResetByClient = direction == _requests;
        End(stream, segment, sink);
    }

    /// <summary>A server that goes away says up to which stream it will answer (RFC 9113 §6.8).</summary>
    private void OnGoAway(Http2Direction direction, uint lastStream, in SocketSegment segment, IExchangeSink sink)
    {
        if (direction != _responses)
        {
            return;
        }

        foreach (var stream in _streams.Values)
        {
            if (stream.Id > lastStream && !stream.IsEnded)
            {
                stream.IsAborted = true;
                stream.Reset = ErrorCode.RefusedStream;
                End(stream, segment, sink);
            }
        }
    }

    private void End(Http2Stream stream, in SocketSegment segment, IExchangeSink sink)
    {
        stream.EndTime = segment.TimeNanoseconds;
        stream.AwaitedPosition = segment.OppositePosition;
        if (!MustWait(stream))
        {
            _waiting.Remove(stream);
            Finish(stream, sink);
        }
        else if (!stream.IsEnded)
        {
            stream.IsEnded = true;
            _waiting.Add(stream);
        }
    }

    /// <summary>Whether the other direction said something before the end that was not handed over yet and matters.</summary>
    private bool MustWait(Http2Stream stream) =>
        stream.IsResetByClient
            ? ExistsUnseen(_responses!, stream.AwaitedPosition)
            : !stream.IsRequestWhole && ExistsUnseen(_requests!, stream.AwaitedPosition);

    /// <summary>Whether there are bytes before a position that were not handed over. Those inside DATA may never be: the kernel leaves them out.</summary>
    private static bool ExistsUnseen(Http2Direction direction, uint position)
    {
        if (!direction.IsSeen)
        {
            return true;
        }

        var skipped = direction is { Phase: FramePhase.Payload, Frame.Type: FrameType.Data } ? direction.PayloadLeft : 0;
        if (skipped > 0 && direction.Frame.EndsStream)
        {
            skipped--; // the last byte of a stream is always reported
        }

        return direction.Phase != FramePhase.Lost && (int)(position - direction.Position) > skipped;
    }

    /// <summary>Finishes what need not wait any more.</summary>
    private void Settle(IExchangeSink sink)
    {
        for (var i = 0; i < _waiting.Count;)
        {
            var stream = _waiting[i];
            if (MustWait(stream))
            {
                i++;
                continue;
            }

            _waiting.RemoveAt(i);
            Finish(stream, sink);
        }
    }

    private void Finish(Http2Stream stream, IExchangeSink sink)
    {
        if (stream.IsEnded && MustWait(stream))
        {
            // What it waited for did not come.
            (stream.IsResetByClient ? ref stream.ResponseMessages : ref stream.RequestMessages).Lose();
        }

        if (stream.HasRequest)
        {
            Emit(stream, sink);
        }
        else
        {
            Counters.UnpairedResponses++;
        }

        Remove(stream);
    }

    /// <summary>The connection ended: what is outstanding gets no answer, unless the answer was missed.</summary>
    private void EndAll(long time, IExchangeSink sink)
    {
        _waiting.Clear();
        foreach (var stream in _streams.Values)
        {
            if (!stream.IsEnded)
            {
                if (stream.IsDoubtful || !stream.HasRequest)
                {
                    Counters.DroppedRequests++;
                    Remove(stream);
                    continue;
                }

                stream.IsAborted = true;
                stream.EndTime = time;
            }

            Finish(stream, sink);
        }
    }
}
