using Beyla.Attributes;
using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Protocols.Http;

/// <summary>An HTTP request and its response on lease, whatever the version.</summary>
internal sealed class HttpExchange : Exchange
{
    private byte[] _text = [];
    private int _method;
    private int _methodLength;
    private int _pathLength;
    private int _hostLength;
    private int _queryLength;

    /// <summary>Empty when it was not seen.</summary>
    public ReadOnlySpan<byte> Method => _text.AsSpan(_method, _methodLength);

    /// <summary>Path of the target without query; empty when <see cref="HasPath"/> does not hold, and of targets without one (CONNECT).</summary>
    public ReadOnlySpan<byte> Path => _text.AsSpan(_method + _methodLength, _pathLength);

    /// <summary>Whether the path was seen.</summary>
    public bool HasPath { get; private set; }

    /// <summary>The <c>Host</c> header, or the authority of the target; empty when not seen.</summary>
    public ReadOnlySpan<byte> Host => _text.AsSpan(_method + _methodLength + _pathLength, _hostLength);

    /// <summary>Query of the target without its question mark; empty when there is none, and when nobody asked for it.</summary>
    public ReadOnlySpan<byte> Query => _text.AsSpan(_method + _methodLength + _pathLength + _hostLength, _queryLength);

    public bool PathTruncated { get; set; }

    /// <summary>Status of the final response; <see langword="null"/> when none was seen.</summary>
    public int? StatusCode { get; set; }

    /// <inheritdoc cref="HttpSpan.ProtocolVersion"/>
    public string ProtocolVersion { get; set; } = "1.1";

    /// <summary>Whether the request itself says that its scheme is https.</summary>
    public bool IsHttps { get; set; }

    /// <inheritdoc cref="HttpSpan.RequestBodySize"/>
    public long? RequestBodySize { get; set; }

    /// <inheritdoc cref="HttpSpan.ResponseBodySize"/>
    public long? ResponseBodySize { get; set; }

    public override ReadOnlySpan<byte> RoutePath => Path;

    private bool IsSecure => IsHttps || IsEncrypted;

    private string Scheme => IsSecure ? "https" : "http";

    public override bool IsPathReal => StatusCode is not (404 or 405);

    /// <summary>Points at method, path, host and query, which lie one behind the other in <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Where they lie.</param>
    /// <param name="offset">Where the method begins.</param>
    /// <param name="methodLength">0 when the method was not seen.</param>
    /// <param name="pathLength">-1 when the path was not seen.</param>
    /// <param name="hostLength">0 when the host was not seen.</param>
    /// <param name="queryLength">0 when there is no query, or nobody asked for it.</param>
    internal void SetText(byte[] buffer, int offset, int methodLength, int pathLength, int hostLength, int queryLength = 0)
    {
        _text = buffer;
        _method = offset;
        _methodLength = methodLength;
        _pathLength = Math.Max(0, pathLength);
        HasPath = pathLength >= 0;
        _hostLength = hostLength;
        _queryLength = queryLength;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The server's own address names a server; what a client calls its server (the <c>Host</c> header) names it for a
    /// client. A server's <c>Host</c> header is the caller's choice and would let callers make series.
    /// </remarks>
    public override bool Record(RedService service, string? route, Utf8StringCache strings, in MetricExemplar exemplar) => service.RecordHttp(
        Kind,
        Method,
        StatusCode ?? 0,
        route,
        IsSecure,
        ServerOf(service, strings),
        Destination.Port,
        Math.Max(0, EndNanoseconds - StartNanoseconds) / 1e9,
        RequestBodySize ?? -1,
        ResponseBodySize ?? -1,
        service.WantsHttpOptional(Kind) ? Optional(service, strings) : default,
        exemplar);

    /// <inheritdoc/>
    public override AttributeValue Get(ExchangeAttribute attribute, string? route) => attribute switch
    {
        ExchangeAttribute.HttpMethod => AttributeValue.Of(Method),
        ExchangeAttribute.HttpStatusCode => AttributeValue.Of(StatusCode),
        ExchangeAttribute.HttpRoute => AttributeValue.Of(route),
        ExchangeAttribute.HttpRequestBodySize => AttributeValue.Of(RequestBodySize),
        ExchangeAttribute.HttpResponseBodySize => AttributeValue.Of(ResponseBodySize),
        ExchangeAttribute.UrlPath => AttributeValue.Of(Path),
        ExchangeAttribute.UrlScheme => AttributeValue.Of(Scheme),
        ExchangeAttribute.ErrorType => AttributeValue.Of(HttpSemantics.ErrorType(Kind, StatusCode, End)),
        ExchangeAttribute.ProtocolName => AttributeValue.Of(HttpSemantics.ProtocolName),
        ExchangeAttribute.ProtocolVersion => AttributeValue.Of(ProtocolVersion),
        ExchangeAttribute.ServerAddress when HttpSemantics.ServerAddress(Host) is { IsEmpty: false } host => AttributeValue.Of(host),
        _ => base.Get(attribute, route),
    };

    /// <inheritdoc/>
    public override Span ToSpan(in SpanContext context)
    {
        var strings = context.Strings;
        var identity = context.Identity;
        return new HttpSpan
        {
            Kind = Kind,
            Service = context.Service,
            StartUnixNanoseconds = StartNanoseconds + context.WallClockOffsetNanoseconds,
            DurationNanoseconds = Math.Max(0, EndNanoseconds - StartNanoseconds),
            ServiceNanoseconds = ResponseStartNanoseconds == 0 ? null : Math.Max(0, ResponseStartNanoseconds - RequestEndNanoseconds),
            Source = Source,
            Destination = Destination,
            TraceId = identity.TraceId,
            SpanId = identity.SpanId,
            ParentSpanId = identity.ParentSpanId,
            TraceFlags = identity.Flags,
            Selection = context.Selection,
            End = End,
            Method = Method.IsEmpty ? null : strings.Get(Method),
            Path = HasPath ? strings.Get(Path) : null,
            PathTruncated = PathTruncated,
            Route = context.Route,
            StatusCode = StatusCode,
            Scheme = Scheme,
            Query = Query.IsEmpty ? null : context.Selection.Query?.Redact(Query),
            Host = Host.IsEmpty ? null : strings.Get(Host),
            ProtocolVersion = ProtocolVersion,
            RequestBodySize = RequestBodySize,
            ResponseBodySize = ResponseBodySize,
        };
    }

    private string ServerOf(RedService service, Utf8StringCache strings) =>
        Kind == SpanKind.Client && HttpSemantics.ServerAddress(Host) is { IsEmpty: false } host ? strings.Get(host) : service.NameOf(Destination);

    private OptionalAttributes Optional(RedService service, Utf8StringCache strings) =>
        new(HasPath ? strings.Get(Path) : null, Kind == SpanKind.Server ? service.NameOf(Source) : null);
}
