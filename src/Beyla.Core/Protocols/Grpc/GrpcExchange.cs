using Beyla.Attributes;
using Beyla.Metrics;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Protocols.Grpc;

/// <summary>A gRPC call on lease.</summary>
internal sealed class GrpcExchange : Exchange
{
    /// <summary>Stands for methods that the server does not have: what callers make up must not make series (https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/).</summary>
    private const string OtherMethod = "_OTHER";

    private byte[] _text = [];
    private int _path;
    private int _pathLength;
    private int _hostLength;

    /// <summary><c>/package.Service/Method</c>; empty when not seen.</summary>
    public ReadOnlySpan<byte> Path => _text.AsSpan(_path, _pathLength);

    /// <summary><c>package.Service/Method</c>; empty when not seen.</summary>
    public ReadOnlySpan<byte> Method => Path is [(byte)'/', .. var method] ? method : Path;

    /// <summary>What the client calls its server; empty when not seen.</summary>
    public ReadOnlySpan<byte> Host => _text.AsSpan(_path + _pathLength, _hostLength);

    /// <inheritdoc cref="RpcSpan.StatusCode"/>
    public int? StatusCode { get; set; }

    /// <inheritdoc cref="RpcSpan.HttpStatusCode"/>
    public int? HttpStatusCode { get; set; }

    /// <summary>Whether the request itself says that its scheme is https.</summary>
    public bool IsHttps { get; set; }

    /// <summary>0 when the caller set none.</summary>
    public long TimeoutNanoseconds { get; set; }

    /// <inheritdoc cref="RpcSpan.RequestMessages"/>
    public long? RequestMessages { get; set; }

    /// <inheritdoc cref="RpcSpan.RequestBytes"/>
    public long? RequestBytes { get; set; }

    /// <inheritdoc cref="RpcSpan.ResponseMessages"/>
    public long? ResponseMessages { get; set; }

    /// <inheritdoc cref="RpcSpan.ResponseBytes"/>
    public long? ResponseBytes { get; set; }

    public override ReadOnlySpan<byte> RoutePath => Path;

    public override bool IsPathReal => StatusCode != GrpcStatusNames.Unimplemented;

    /// <summary>Points at path and host, which lie one behind the other in <paramref name="buffer"/>.</summary>
    internal void SetText(byte[] buffer, int offset, int pathLength, int hostLength)
    {
        _text = buffer;
        _path = offset;
        _pathLength = Math.Max(0, pathLength);
        _hostLength = hostLength;
    }

    /// <inheritdoc/>
    /// <remarks>Which address names the server is as with HTTP, and so is why.</remarks>
    public override bool Record(RedService service, string? route, Utf8StringCache strings, in MetricExemplar exemplar) => service.RecordRpc(new RpcMeasurement
    {
        Kind = Kind,
        System = RpcSpan.SystemName,
        Method = Kind == SpanKind.Server && StatusCode == GrpcStatusNames.Unimplemented ? OtherMethod : TextOf(Method, strings),
        Status = GrpcStatusNames.TextOf(StatusCode),
        ServerAddress = Kind == SpanKind.Client && HttpSemantics.ServerAddress(Host) is { IsEmpty: false } host ? strings.Get(host) : service.NameOf(Destination),
        ServerPort = Destination.Port,
        ClientAddress = Kind == SpanKind.Server && service.WantsRpcClient(Kind) ? service.NameOf(Source) : null,
        DurationSeconds = Math.Max(0, EndNanoseconds - StartNanoseconds) / 1e9,
        Exemplar = exemplar,
    });

    /// <inheritdoc/>
    public override AttributeValue Get(ExchangeAttribute attribute, string? route) => attribute switch
    {
        ExchangeAttribute.RpcSystem => AttributeValue.Of(RpcSpan.SystemName),
        ExchangeAttribute.RpcMethod => AttributeValue.Of(Method),
        ExchangeAttribute.RpcService when Method.LastIndexOf((byte)'/') is > 0 and var slash => AttributeValue.Of(Method[..slash]),
        ExchangeAttribute.RpcStatus => AttributeValue.Of(GrpcStatusNames.TextOf(StatusCode)),
        ExchangeAttribute.RpcStatusCode => AttributeValue.Of(StatusCode),
        ExchangeAttribute.HttpStatusCode when HttpStatusCode != GrpcSemantics.HttpOk => AttributeValue.Of(HttpStatusCode),
        ExchangeAttribute.ErrorType => AttributeValue.Of(GrpcSemantics.ErrorType(Kind, StatusCode, HttpStatusCode, End)),
        ExchangeAttribute.ProtocolName => AttributeValue.Of(HttpSemantics.ProtocolName),
        ExchangeAttribute.ProtocolVersion => AttributeValue.Of(Http2.Http2Protocol.Version),
        ExchangeAttribute.ServerAddress when HttpSemantics.ServerAddress(Host) is { IsEmpty: false } host => AttributeValue.Of(host),
        _ => base.Get(attribute, route),
    };

    /// <inheritdoc/>
    public override Span ToSpan(in SpanContext context) => new RpcSpan
    {
        Kind = Kind,
        Service = context.Service,
        StartUnixNanoseconds = StartNanoseconds + context.WallClockOffsetNanoseconds,
        DurationNanoseconds = Math.Max(0, EndNanoseconds - StartNanoseconds),
        ServiceNanoseconds = ResponseStartNanoseconds == 0 ? null : Math.Max(0, ResponseStartNanoseconds - RequestEndNanoseconds),
        Source = Source,
        Destination = Destination,
        TraceId = context.Identity.TraceId,
        SpanId = context.Identity.SpanId,
        ParentSpanId = context.Identity.ParentSpanId,
        TraceFlags = context.Identity.Flags,
        Selection = context.Selection,
        End = End,
        Method = TextOf(Method, context.Strings),
        StatusCode = StatusCode,
        HttpStatusCode = HttpStatusCode,
        Scheme = IsHttps || IsEncrypted ? "https" : "http",
        Host = Host.IsEmpty ? null : context.Strings.Get(Host),
        Timeout = TimeoutNanoseconds == 0 ? null : TimeSpan.FromTicks(TimeoutNanoseconds / TimeSpan.NanosecondsPerTick),
        RequestMessages = RequestMessages,
        RequestBytes = RequestBytes,
        ResponseMessages = ResponseMessages,
        ResponseBytes = ResponseBytes,
    };

    private static string? TextOf(ReadOnlySpan<byte> method, Utf8StringCache strings) => method.IsEmpty ? null : strings.Get(method);
}
