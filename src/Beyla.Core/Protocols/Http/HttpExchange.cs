using System.Diagnostics;
using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Protocols.Http;

/// <summary>An HTTP request and its response on lease, whatever the version.</summary>
internal sealed class HttpExchange : Exchange
{
    private const byte SampledFlag = 1;

    private byte[] _text = [];
    private int _method;
    private int _methodLength;
    private int _pathLength;
    private int _hostLength;

    /// <summary>Empty when it was not seen.</summary>
    public ReadOnlySpan<byte> Method => _text.AsSpan(_method, _methodLength);

    /// <summary>Path of the target without query; empty when <see cref="HasPath"/> does not hold, and of targets without one (CONNECT).</summary>
    public ReadOnlySpan<byte> Path => _text.AsSpan(_method + _methodLength, _pathLength);

    /// <summary>Whether the path was seen.</summary>
    public bool HasPath { get; private set; }

    /// <summary>The <c>Host</c> header, or the authority of the target; empty when not seen.</summary>
    public ReadOnlySpan<byte> Host => _text.AsSpan(_method + _methodLength + _pathLength, _hostLength);

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

    public TraceParent TraceParent { get; set; }

    public override ReadOnlySpan<byte> RoutePath => Path;

    private bool IsSecure => IsHttps || IsEncrypted;

    public override bool IsPathReal => StatusCode is not (404 or 405);

    /// <summary>Points at method, path and host, which lie one behind the other in <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Where they lie.</param>
    /// <param name="offset">Where the method begins.</param>
    /// <param name="methodLength">0 when the method was not seen.</param>
    /// <param name="pathLength">-1 when the path was not seen.</param>
    /// <param name="hostLength">0 when the host was not seen.</param>
    internal void SetText(byte[] buffer, int offset, int methodLength, int pathLength, int hostLength)
    {
        _text = buffer;
        _method = offset;
        _methodLength = methodLength;
        _pathLength = Math.Max(0, pathLength);
        HasPath = pathLength >= 0;
        _hostLength = hostLength;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The server's own address names a server; what a client calls its server (the <c>Host</c> header) names it for a
    /// client. A server's <c>Host</c> header is the caller's choice and would let callers make series.
    /// </remarks>
    public override void Record(RedService service, string? route, Utf8StringCache strings)
    {
        var seconds = Math.Max(0, EndNanoseconds - StartNanoseconds) / 1e9;
        var host = Kind == SpanKind.Client && !Host.IsEmpty ? HttpSemantics.ServerAddress(strings.Get(Host)) : null;
        if (host is null)
        {
            service.RecordHttp(Kind, Method, StatusCode ?? 0, route, IsSecure, Destination, seconds, RequestBodySize ?? -1, ResponseBodySize ?? -1);
        }
        else
        {
            service.RecordHttp(Kind, Method, StatusCode ?? 0, route, IsSecure, host, Destination.Port, seconds, RequestBodySize ?? -1, ResponseBodySize ?? -1);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The id in an outgoing <c>traceparent</c> is that of the client span of the application's own tracer, which may export
    /// it. Taking the id for ours would give two spans one id, so ours becomes its child.
    /// </remarks>
    public override Span ToSpan(in SpanContext context)
    {
        var strings = context.Strings;
        var parent = TraceParent;
        var flags = parent.IsNone ? ActivityTraceFlags.Recorded : (ActivityTraceFlags)(parent.Flags & SampledFlag);
        return new HttpSpan
        {
            Kind = Kind,
            Service = context.Service,
            StartUnixNanoseconds = StartNanoseconds + context.WallClockOffsetNanoseconds,
            DurationNanoseconds = Math.Max(0, EndNanoseconds - StartNanoseconds),
            ServiceNanoseconds = ResponseStartNanoseconds == 0 ? null : Math.Max(0, ResponseStartNanoseconds - RequestEndNanoseconds),
            Source = Source,
            Destination = Destination,
            TraceId = parent.IsNone ? context.Ids.NextTraceId() : parent.TraceId,
            SpanId = context.Ids.NextSpanId(),
            ParentSpanId = parent.IsNone ? default : parent.SpanId,
            TraceFlags = flags,
            End = End,
            Method = Method.IsEmpty ? null : strings.Get(Method),
            Path = HasPath ? strings.Get(Path) : null,
            PathTruncated = PathTruncated,
            Route = context.Route,
            StatusCode = StatusCode,
            Scheme = IsSecure ? "https" : "http",
            Host = Host.IsEmpty ? null : strings.Get(Host),
            ProtocolVersion = ProtocolVersion,
            RequestBodySize = RequestBodySize,
            ResponseBodySize = ResponseBodySize,
        };
    }
}
