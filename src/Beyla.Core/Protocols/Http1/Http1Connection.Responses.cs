using Beyla.Capture;
using Beyla.Tracing;

namespace Beyla.Protocols.Http1;

internal sealed partial class Http1Connection
{
    private const int SwitchingProtocols = 101;

    /// <summary>Whether a final response to the queue's first request has begun.</summary>
    private bool _isResponding;

    private int _status;
    private long _responseStart;

    /// <summary>Bytes of the response's content so far or in all; <see cref="Http1Head.Absent"/> when not known.</summary>
    private long _responseSize;

    /// <summary>Of a response whose head was cut: bytes that have to pass before its content can be whole.</summary>
    private long _missingBytes;

    /// <summary>Of a response whose head was cut: bytes after which its content is whole for certain.</summary>
    private long _boundBytes;

    private void OnResponse(Http1Stream stream, in Http1Head head, long time, IExchangeSink sink)
    {
        stream.Phase = StreamPhase.Head;
        if (IsInterim(head.StatusCode))
        {
            return;
        }

        _isResponding = TryPair(stream);
        var isTunnel = head.StatusCode == SwitchingProtocols;
        var toHead = false;
        if (_isResponding)
        {
            ref var request = ref _queue.First;
            isTunnel |= request.IsConnect && head.StatusCode is >= 200 and < 300;
            toHead = request.IsHead;
            BeginResponse(stream, head);
        }

        if (_isResponding && head.StatusCode == SwitchingProtocols && head.Has(HeadFlags.UpgradeToHttp2))
        {
            BecomeHttp2();
            return;
        }

        if (isTunnel)
        {
            EndResponse(stream, time, 0, SpanEnd.Framed, sink);
            Counters.DroppedRequests += _queue.Count;
            Verdict = ProtocolVerdict.Upgraded;
            return;
        }

        var body = Http1Framing.OfResponse(head, toHead);
        var isEndless = head.Has(HeadFlags.EventStream) && body is BodyKind.Chunked or BodyKind.UntilClose;
        if (isEndless)
        {
            // It lasts as long as somebody listens, which says nothing about the service.
            EndResponse(stream, time, Http1Head.Absent, SpanEnd.Streaming, sink);
        }

        switch (body)
        {
            case BodyKind.None:
                EndResponse(stream, time, 0, SpanEnd.Framed, sink);
                break;
            case BodyKind.Fixed:
                stream.Phase = StreamPhase.Fixed;
                stream.Remaining = _responseSize = head.ContentLength;
                break;
            case BodyKind.Chunked:
                stream.Phase = StreamPhase.Chunked;
                stream.Chunks = default;
                break;
            case BodyKind.UntilClose when _isResponding || isEndless:
                stream.Phase = StreamPhase.UntilClose;
                _responseSize = 0;
                break;
            case BodyKind.Unknown when _isResponding:
                AwaitInferredEnd(stream, Http1Head.Absent, 0, long.MaxValue);
                break;
            default:
                Lose(stream);
                break;
        }
    }

    private void OnCutResponse(
        Http1Stream stream, in Http1Head head, uint unknown, bool endsWithEmptyLine, long time, IExchangeSink sink)
    {
        _isResponding = !IsInterim(head.StatusCode) && TryPair(stream);
        if (!_isResponding)
        {
            AwaitMessage(stream);
            return;
        }

        BeginResponse(stream, head);
        var toHead = _queue.First.IsHead;
        var length = head.Has(HeadFlags.TransferEncoding) ? Http1Head.Absent : head.ContentLength;
        if (!Http1Framing.MayHaveContent(head.StatusCode, toHead))
        {
            if (endsWithEmptyLine)
            {
                stream.Phase = StreamPhase.Head;
                EndResponse(stream, time, 0, SpanEnd.Framed, sink);
                return;
            }

            AwaitInferredEnd(stream, 0, 0, long.MaxValue);
        }
        else if (length >= 0)
        {
            // Of what was not copied, all or nothing may be content.
            AwaitInferredEnd(stream, length, length - unknown, length);
        }
        else
        {
            AwaitInferredEnd(stream, Http1Head.Absent, 0, long.MaxValue);
        }
    }

    private static bool IsInterim(int status) => status is >= 100 and < 200 and not SwitchingProtocols;

    private void BeginResponse(Http1Stream stream, in Http1Head head)
    {
        _status = head.StatusCode;
        _responseStart = stream.HeadTime;
        _responseSize = Http1Head.Absent;
    }

    private void AwaitInferredEnd(Http1Stream stream, long size, long missingBytes, long boundBytes)
    {
        stream.Phase = StreamPhase.Inferred;
        _responseSize = size;
        _missingBytes = missingBytes;
        _boundBytes = boundBytes;
    }

    private void PassInferred(uint count, long time, IExchangeSink sink)
    {
        _missingBytes -= count;
        _boundBytes -= count;
        if (_boundBytes <= 0)
        {
            InferEnd(time, isWhole: true, sink);
        }
    }

    private void OnResponseBodyEnd(Http1Stream stream, long time, IExchangeSink sink)
    {
        if (HasInferredEnd(stream))
        {
            InferEnd(time, isWhole: true, sink);
            return;
        }

        EndResponse(stream, time, stream.Phase == StreamPhase.Chunked ? stream.Chunks.ContentBytes : _responseSize, SpanEnd.Framed, sink);
    }

    private void EndResponse(Http1Stream stream, long time, long size, SpanEnd end, IExchangeSink sink)
    {
        stream.Phase = StreamPhase.Head;
        if (_isResponding)
        {
            _isResponding = false;
            Emit(time, _status, _responseStart, size, end, sink);
        }
    }

    /// <summary>The connection ended inside or behind a response.</summary>
    private void EndResponse(SocketEnd end, long time, IExchangeSink sink)
    {
        if (!_isResponding)
        {
            return;
        }

        var stream = _responses!;
        if (stream.Phase == StreamPhase.UntilClose && end != SocketEnd.Reset)
        {
            EndResponse(stream, stream.LastTime, _responseSize, SpanEnd.ConnectionClosed, sink);
        }
        else if (HasInferredEnd(stream) && !(stream.Phase == StreamPhase.Inferred && _missingBytes > 0))
        {
            InferEnd(stream.LastTime, isWhole: false, sink);
        }
        else
        {
            EndResponse(stream, time, Http1Head.Absent, SpanEnd.Aborted, sink);
        }
    }

    private static bool HasInferredEnd(Http1Stream stream) => stream is { Phase: StreamPhase.Inferred } or { Phase: StreamPhase.Chunked, Chunks.IsLost: true };

    /// <summary>Ends a response whose bytes do not tell its end, and waits for the next one.</summary>
    /// <param name="time">Time of its last known byte.</param>
    /// <param name="isWhole">Whether what came after it shows that its content was whole.</param>
    /// <param name="sink">Takes the exchange.</param>
    private void InferEnd(long time, bool isWhole, IExchangeSink sink)
    {
        var stream = _responses!;
        var size = stream.Phase == StreamPhase.Inferred && isWhole ? _responseSize : Http1Head.Absent;
        EndResponse(stream, time, size, SpanEnd.Inferred, sink);
        AwaitMessage(stream);
    }

    private void Emit(long time, int? status, long responseStart, long responseSize, SpanEnd end, IExchangeSink sink)
    {
        ref var request = ref _queue.First;
        var exchange = protocol.Exchange;
        var isServer = _requests == _received;
        exchange.Kind = isServer ? SpanKind.Server : SpanKind.Client;
        exchange.Source = isServer ? _remote : _local;
        exchange.Destination = isServer ? _local : _remote;
        exchange.ProcessId = request.ProcessId;
        exchange.StartNanoseconds = request.StartTime;
        exchange.RequestEndNanoseconds = request.EndTime;
        exchange.ResponseStartNanoseconds = responseStart;
        exchange.EndNanoseconds = time;
        exchange.End = end;
        exchange.SetText(_queue.Text, request.TextOffset, request.MethodLength, request.PathLength, request.HostLength, request.QueryLength);
        exchange.PathTruncated = request.PathTruncated;
        exchange.StatusCode = status;
        exchange.ProtocolVersion = request.VersionMinor == 0 ? "1.0" : "1.1";
        exchange.IsHttps = false;
        exchange.RequestBodySize = request.BodySize < 0 || (end == SpanEnd.Aborted && !request.IsComplete) ? null : request.BodySize;
        exchange.ResponseBodySize = responseSize < 0 ? null : responseSize;
        exchange.TraceParent = request.TraceParent;
        Counters.Exchanges++;
        Counters.Aborted += end == SpanEnd.Aborted ? 1 : 0;
        Counters.Inferred += end == SpanEnd.Inferred ? 1 : 0;
        _queue.Dequeue();
        sink.Emit(exchange);
    }
}
