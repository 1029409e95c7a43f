using Beyla.Attributes;
using Beyla.Tracing;

namespace Beyla.Protocols.Http;

/// <summary>An HTTP request and its response, by the HTTP semantic conventions of OpenTelemetry (stable, 1.23 and later).</summary>
public sealed class HttpSpan : Span
{
    /// <summary>Request method as sent, such as <c>GET</c>; <see langword="null"/> when it was not seen, as with HTTP/2 connections that are older than the session.</summary>
    public required string? Method { get; init; }

    /// <summary>Path of the request target without query, as sent; <see langword="null"/> when it was not seen. <see cref="PathTruncated"/> tells whether it is whole.</summary>
    public required string? Path { get; init; }

    /// <summary>
    /// <c>url.query</c>: the query without its question mark, values of sensitive parameters replaced by <c>REDACTED</c>;
    /// <see langword="null"/> when there is none, when it was not seen whole, or when it was not selected (the default).
    /// </summary>
    public string? Query { get; init; }

    /// <summary>Whether the head copy ended inside the path.</summary>
    public bool PathTruncated { get; init; }

    /// <summary><c>http.route</c>: the low-cardinality template of <see cref="Path"/>; <see langword="null"/> when no rule named one.</summary>
    public string? Route { get; init; }

    /// <summary>Status code of the final response; <see langword="null"/> when no response was seen.</summary>
    public int? StatusCode { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>The <c>Host</c> header; <see langword="null"/> when it was not seen.</summary>
    public string? Host { get; init; }

    /// <summary>Version as in <c>network.protocol.version</c>: <c>1.0</c>, <c>1.1</c>, <c>2</c>.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>Bytes of the request's content (RFC 9110 §6.4) without framing; <see langword="null"/> when not known.</summary>
    public long? RequestBodySize { get; init; }

    /// <summary>Bytes of the response's content without framing; <see langword="null"/> when not known.</summary>
    public long? ResponseBodySize { get; init; }

    /// <inheritdoc/>
    public override string Protocol => HttpSemantics.ProtocolName;

    /// <inheritdoc/>
    public override string Name => Route is null ? Method ?? HttpSemantics.UnknownMethod : HttpSemantics.SpanName(Method ?? HttpSemantics.UnknownMethod, Route);

    /// <inheritdoc/>
    public override SpanStatus Status => ErrorType is null ? SpanStatus.Unset : SpanStatus.Error;

    /// <summary>The status code as text for 5xx (and 4xx of a client span); <c>response_aborted</c> when the connection ended first; else <see langword="null"/>.</summary>
    public override string? ErrorType => HttpSemantics.ErrorType(Kind, StatusCode, End);

    /// <inheritdoc/>
    protected override void VisitKnownAttributes(ISpanAttributeVisitor visitor)
    {
        if (Method is not null)
        {
            visitor.Visit("http.request.method", Method);
        }

        if (Path is not null)
        {
            visitor.Visit("url.path", Path);
        }

        if (Query is not null)
        {
            visitor.Visit(KnownAttributes.UrlQuery, Query);
        }

        visitor.Visit("url.scheme", Scheme);
        if (Route is not null)
        {
            visitor.Visit("http.route", Route);
        }

        if (StatusCode is { } status)
        {
            visitor.Visit("http.response.status_code", status);
        }

        if (ErrorType is { } error)
        {
            visitor.Visit("error.type", error);
        }

        visitor.Visit("network.protocol.name", Protocol);
        visitor.Visit("network.protocol.version", ProtocolVersion);
        if (Kind == SpanKind.Server)
        {
            visitor.Visit("client.address", Source);
        }

        if (HttpSemantics.ServerAddress(Host.AsSpan()) is { IsEmpty: false } host)
        {
            visitor.Visit("server.address", host);
        }
        else
        {
            visitor.Visit("server.address", Destination);
        }

        visitor.Visit("server.port", Destination.Port);
        if (RequestBodySize is { } request)
        {
            visitor.Visit("http.request.body.size", request);
        }

        if (ResponseBodySize is { } response)
        {
            visitor.Visit("http.response.body.size", response);
        }

        if (Kind == SpanKind.Client && Path is not null)
        {
            visitor.Visit("url.full", Scheme, "://", Host ?? Destination.ToString(), Path, Query is null ? "" : "?", Query ?? "");
        }
    }

    internal override SpanSummary Summarize() => new(StatusCode, Method ?? SpanSummary.Unknown, Path ?? SpanSummary.Unknown, Route, RequestBodySize)
    {
        ResponseSize = ResponseBodySize,
        ServerName = HttpSemantics.ServerAddress(Host),
    };
}
