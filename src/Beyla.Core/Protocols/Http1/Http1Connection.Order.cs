using Beyla.Capture;

namespace Beyla.Protocols.Http1;

/// <summary>Which response belongs to which request, and what waits for the other direction.</summary>
internal sealed partial class Http1Connection
{
    /// <summary>Whether a request came before the previous one was answered. Then order alone pairs, and a loss breaks it.</summary>
    private bool _isPipelined;

    /// <summary>Whether a response has answered a request: then the connection is HTTP and its roles are certain.</summary>
    private bool _hasPaired;

    private bool _isReleasing;

    /// <summary>Decides whether the response whose head just ended answers the queue's first request.</summary>
    private bool TryPair(Http1Stream stream)
    {
        if (stream.WasLost && _isPipelined)
        {
            Quarantine();
        }

        if (stream.WasLost && !DropAnswered(stream) && _queue.Count > 0)
        {
            Counters.UnpairedResponses++;
            return false;
        }

        stream.WasLost = stream.MayHaveMissed = false;
        if (_queue.Count == 0 && _unqueued > 0)
        {
            _unqueued--;
            return false;
        }

        // A response can't begin before its request did.
        if (_queue.Count == 0 || (int)(stream.HeadOpposite - _queue.First.Position) <= 0)
        {
            Counters.UnpairedResponses++;
            return false;
        }

        _hasPaired = true;
        return true;
    }

    /// <summary>
    /// After response bytes were missed: on a connection that is not pipelined, requests were answered before the next one
    /// came, so the response belongs to the newest request that came before it, if that one was not missed as well.
    /// </summary>
    /// <returns>Whether there is such a request.</returns>
    private bool DropAnswered(Http1Stream stream)
    {
        var isNewestKnown = !_requests!.MayHaveMissed && _requests.Buffered == 0;
        var owner = isNewestKnown ? _queue.Count - 1 : -1;
        while (owner >= 0 && (int)(stream.HeadPosition - _queue[owner].Opposite) < 0)
        {
            owner--;
        }

        for (var dropped = 0; dropped < owner; dropped++)
        {
            _queue.Dequeue();
            Counters.DroppedRequests++;
        }

        return owner >= 0;
    }

    /// <summary>Whether the request of a response is known to exist but was not handed over yet.</summary>
    private bool MustHold(in SocketSegment segment) =>
        !_isReleasing && NeedsRequests() && ExistsUnseen(segment.OppositePosition);

    /// <summary>Whether a response can't be paired or its request not be measured without more of the requests.</summary>
    private bool NeedsRequests() =>
        _queue.Count == 0 ? _unqueued == 0
        : _responses!.WasLost || (_bodyNumber == _queue.FirstNumber && _requests!.Phase == StreamPhase.Chunked);

    /// <summary>Whether there are request bytes before a position that were not handed over. Those of fixed bodies may never be: the kernel was told to keep quiet.</summary>
    private bool ExistsUnseen(uint position) =>
        !_requests!.IsSeen || (int)(position - _requests.Position) > (_requests.Phase == StreamPhase.Fixed ? _requests.Remaining : 0);

    private void Hold(in SocketSegment segment, bool beginsTurn, IExchangeSink sink)
    {
        if (!_held.TryAdd(segment, beginsTurn))
        {
            ReleaseHeld(sink);
            _isReleasing = true;
            Process(StreamOf(segment.Direction), segment, beginsTurn, sink);
            _isReleasing = false;
        }
    }

    private void ReplayHeld(IExchangeSink sink)
    {
        while (_held.Count > 0)
        {
            var segment = _held.Peek(out var beginsTurn);
            if (!Process(StreamOf(segment.Direction), segment, beginsTurn, sink))
            {
                return;
            }

            // Processing may have given up the connection and with it everything held.
            if (_held.Count > 0)
            {
                _held.Drop();
            }
        }
    }

    /// <summary>When requests start anew at a position, held responses from before it answer requests that were not seen.</summary>
    private void ReplayHeldBefore(Http1Stream stream, IExchangeSink sink)
    {
        if (_held.Count > 0 && stream.Direction != _held.Direction)
        {
            ReplayHeld(sink);
        }
    }

    /// <summary>Stops waiting for requests.</summary>
    private void ReleaseHeld(IExchangeSink sink)
    {
        _isReleasing = true;
        ReplayHeld(sink);
        _isReleasing = false;
    }

    /// <summary>A new request ends a response whose own end can't be told, unless it was sent ahead.</summary>
    private void FinishUnendedResponse(IExchangeSink sink)
    {
        if (_isResponding && _queue.Count == 1 && HasInferredEnd(_responses!))
        {
            InferEnd(_responses!.LastTime, isWhole: true, sink);
        }
    }

    /// <summary>The connection ended: what is outstanding gets no answer, unless the answer was missed.</summary>
    private void AbortOutstanding(long time, IExchangeSink sink)
    {
        while (_queue.Count > 0)
        {
            if (_responses is { Phase: StreamPhase.Lost, IsSeen: true } && _queue.First.Opposite != _responses.Position)
            {
                _queue.Dequeue();
                Counters.DroppedRequests++;
                continue;
            }

            Emit(time, null, 0, Http1Head.Absent, Tracing.SpanEnd.Aborted, sink);
        }
    }
}
