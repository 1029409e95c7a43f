using Beyla.Capture;

namespace Beyla.Protocols.Http1;

internal sealed partial class Http1Connection
{
    private const long NoRequest = -1;

    /// <summary>Number of the request whose body, or unknown rest, is passing.</summary>
    private long _bodyNumber = NoRequest;

    /// <summary>Requests behind the full queue: nothing of them is kept but their number, so that pairing stays exact.</summary>
    private long _unqueued;

    private void OnRequest(Http1Stream stream, in Http1Head head, in SocketSegment segment, IExchangeSink sink)
    {
        var isQueued = Queue(stream, head, segment, sink);
        var body = Http1Framing.OfRequest(head);
        switch (body)
        {
            case BodyKind.None:
                stream.Phase = StreamPhase.Head;
                EndRequest(0);
                break;
            case BodyKind.Fixed:
                stream.Phase = StreamPhase.Fixed;
                stream.Remaining = head.ContentLength;
                if (isQueued)
                {
                    _queue.At(_bodyNumber).BodySize = head.ContentLength;
                }

                break;
            case BodyKind.Chunked:
                stream.Phase = StreamPhase.Chunked;
                stream.Chunks = default;
                break;
            default:
                Lose(stream);
                break;
        }
    }

    /// <summary>The head's end was not copied. Method and path are known; where the next request begins mostly is not.</summary>
    private void OnCutRequest(Http1Stream stream, in Http1Head head, in SocketSegment segment, IExchangeSink sink)
    {
        var isQueued = Queue(stream, head, segment, sink);
        if (isQueued && head.ContentLength >= 0 && !head.Has(HeadFlags.TransferEncoding))
        {
            _queue.At(_bodyNumber).BodySize = head.ContentLength;
        }

        AwaitMessage(stream);
    }

    private bool Queue(Http1Stream stream, in Http1Head head, in SocketSegment segment, IExchangeSink sink)
    {
        FinishUnendedResponse(sink);
        _bodyNumber = NoRequest;
        // A client that has all its responses does not pipeline now, whatever it did before.
        _isPipelined = OutrunsResponse(stream) || (_isPipelined && _queue.Count > 0);
        if (_isPipelined && stream.WasLost)
        {
            Quarantine();
        }

        if (_isQuarantined || _queue.IsFull || _unqueued > 0)
        {
            _unqueued++;
            Counters.DroppedRequests++;
            return false;
        }

        _bodyNumber = _queue.NextNumber;
        ref var request = ref _queue.Enqueue(head);
        request.ProcessId = stream.HeadProcessId;
        request.StartTime = stream.HeadTime;
        request.EndTime = segment.TimeNanoseconds;
        request.BodySize = Http1Head.Absent;
        request.Position = stream.HeadPosition;
        request.Opposite = stream.HeadOpposite;
        stream.WasLost = stream.MayHaveMissed = false;
        return true;
    }

    /// <summary>
    /// Whether the request came although the one before it has no whole response. Response bytes that exist but were not
    /// handed over yet, or were missed, leave that open.
    /// </summary>
    private bool OutrunsResponse(Http1Stream stream) =>
        _queue.Count > 0
        && (stream.HeadOpposite == _queue[_queue.Count - 1].Opposite
            || (!_responses!.WasLost && _responses is { IsSeen: true, Phase: not StreamPhase.Lost }
                && stream.HeadOpposite == _responses.Position));

    private void OnBody(Http1Stream stream, long time, bool isDone, IExchangeSink sink)
    {
        if (stream != _requests)
        {
            if (isDone)
            {
                OnResponseBodyEnd(stream, time, sink);
            }

            return;
        }

        TouchRequest(time);
        if (!isDone)
        {
            return;
        }

        if (stream is { Phase: StreamPhase.Chunked, Chunks.IsLost: true })
        {
            EndRequest(Http1Head.Absent);
            AwaitMessage(stream);
            return;
        }

        EndRequest(stream.Phase == StreamPhase.Chunked ? stream.Chunks.ContentBytes : KeepSize);
        stream.Phase = StreamPhase.Head;
    }

    /// <summary>The size is that of the head's Content-Length.</summary>
    private const long KeepSize = -3;

    /// <summary>Notes the time of request bytes, unless the response has begun: its service time ends there.</summary>
    private void TouchRequest(long time)
    {
        if (_queue.Contains(_bodyNumber) && !(_isResponding && _bodyNumber == _queue.FirstNumber))
        {
            _queue.At(_bodyNumber).EndTime = time;
        }
    }

    private void EndRequest(long size)
    {
        if (_queue.Contains(_bodyNumber))
        {
            ref var request = ref _queue.At(_bodyNumber);
            request.IsComplete = true;
            request.BodySize = size == KeepSize ? request.BodySize : size;
        }

        _bodyNumber = NoRequest;
    }
}
