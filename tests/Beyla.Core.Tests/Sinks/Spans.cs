using System.Diagnostics;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Sinks;

/// <summary>Spans as the printer's documentation shows them.</summary>
internal static class Spans
{
    internal static readonly SocketEndpoint Client = new([127, 0, 0, 1], 50482);
    internal static readonly SocketEndpoint Server = new([127, 0, 0, 1], 8080);

    internal static readonly ServiceInfo Shop = new() { ProcessId = 42, Name = "shop", InstanceId = "host:42" };

    internal static HttpSpan Http(
        string path = "/user/1234/info",
        string? route = "/user/{id}/info",
        int? status = 200,
        string method = "GET",
        long? requestSize = 0,
        long? serviceNanoseconds = 689_900,
        ServiceInfo? service = null,
        SpanKind kind = SpanKind.Server,
        SocketEndpoint? source = null) => new()
        {
            Kind = kind,
            Service = service ?? Shop,
            StartUnixNanoseconds = 1_795_355_344_123_456_789,
            DurationNanoseconds = 15_218_000,
            ServiceNanoseconds = serviceNanoseconds,
            Source = source ?? Client,
            Destination = Server,
            TraceId = ActivityTraceId.CreateRandom(),
            SpanId = ActivitySpanId.CreateRandom(),
            End = SpanEnd.Framed,
            Method = method,
            Path = path,
            Route = route,
            StatusCode = status,
            ProtocolVersion = "1.1",
            RequestBodySize = requestSize,
        };
}
