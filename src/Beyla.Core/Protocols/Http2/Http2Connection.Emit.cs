using Beyla.Protocols.Grpc;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Protocols.Http2;

internal sealed partial class Http2Connection
{
    /// <summary>A connection younger than this may have been made for the call.</summary>
    private const long YoungNanoseconds = 1_000_000_000;

    private void Emit(Http2Stream stream, IExchangeSink sink)
    {
        Exchange exchange = stream.IsGrpc ? Fill(_protocol.GrpcExchange, stream) : Fill(_protocol.HttpExchange, stream);
        var isServer = _requests == _received;
        exchange.Kind = isServer ? SpanKind.Server : SpanKind.Client;
        exchange.Source = isServer ? _remote : _local;
        exchange.Destination = isServer ? _local : _remote;
        exchange.ProcessId = stream.ProcessId;
        exchange.StartNanoseconds = stream.StartTime;
        exchange.RequestEndNanoseconds = stream.RequestEndTime;
        exchange.ResponseStartNanoseconds = stream.IsResponding ? stream.ResponseStartTime : 0;
        exchange.EndNanoseconds = stream.EndTime;
        exchange.End = EndOf(stream);
        exchange.TraceParent = stream.TraceParent;
        Counters.Exchanges++;
        Counters.Aborted += exchange.End == SpanEnd.Aborted ? 1 : 0;
        Counters.Inferred += exchange.End == SpanEnd.Inferred ? 1 : 0;
        sink.Emit(exchange);
    }

    private static SpanEnd EndOf(Http2Stream stream) =>
        stream.IsAborted ? SpanEnd.Aborted
        : stream is { IsOpen: true, IsConnect: false } ? SpanEnd.Streaming
        : stream.IsEndInferred ? SpanEnd.Inferred
        : SpanEnd.Framed;

    private static HttpExchange Fill(HttpExchange exchange, Http2Stream stream)
    {
        exchange.SetText(stream.Text, 0, stream.MethodLength, stream.PathLength, stream.HostLength, stream.QueryLength);
        exchange.PathTruncated = stream.PathTruncated;
        exchange.StatusCode = Known(stream.Status);
        exchange.ProtocolVersion = Http2Protocol.Version;
        exchange.IsHttps = stream.IsHttps;
        exchange.RequestBodySize = stream.IsRequestWhole && !stream.IsRequestSizeLost ? stream.RequestSize : null;
        exchange.ResponseBodySize = stream.IsAborted || stream.IsOpen || stream.IsResponseSizeLost ? null : stream.ResponseSize;
        if (stream is { IsOpen: true, IsConnect: true })
        {
            // What passes through a tunnel is nobody's content.
            exchange.RequestBodySize = exchange.ResponseBodySize = 0;
        }

        return exchange;
    }

    private GrpcExchange Fill(GrpcExchange exchange, Http2Stream stream)
    {
        if (stream.IsRequestWhole)
        {
            stream.RequestMessages.End();
        }

        if (!stream.IsAborted)
        {
            stream.ResponseMessages.End();
        }

        exchange.SetText(stream.Text, stream.MethodLength, stream.PathLength, stream.HostLength);
        exchange.HttpStatusCode = Known(stream.Status);
        exchange.StatusCode = Known(stream.GrpcStatus) ?? (stream.IsAborted ? StatusOfReset(stream) : null);
        exchange.IsHttps = stream.IsHttps;
        exchange.TimeoutNanoseconds = stream.GrpcTimeoutNanoseconds;
        exchange.RequestMessages = stream.RequestMessages.Count;
        exchange.RequestBytes = stream.RequestMessages.Bytes;
        exchange.ResponseMessages = stream.ResponseMessages.Count;
        exchange.ResponseBytes = stream.ResponseMessages.Bytes;
        return exchange;
    }

    /// <remarks>A client that has to connect first has waited when its request is sent; a server knows no time before it has read the request.</remarks>
    private int? StatusOfReset(Http2Stream stream)
    {
        var isFirst = _prefaceTime != 0 && stream.StartTime - _prefaceTime < YoungNanoseconds;
        return GrpcReset.StatusOf(
            stream.Reset, stream.EndTime - stream.StartTime, stream.GrpcTimeoutNanoseconds, mayHaveWaited: isFirst && _requests == _sent);
    }

    private static int? Known(int number) => number == HeaderFields.NotSeen ? null : number;
}
