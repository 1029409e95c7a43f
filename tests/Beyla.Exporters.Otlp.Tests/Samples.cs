using System.Collections.Immutable;
using System.Diagnostics;
using Beyla.Protocols.Grpc;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>Services and spans as a session makes them.</summary>
internal static class Samples
{
    internal static readonly ServiceInfo Shop = new()
    {
        ProcessId = 4711,
        Name = "shop",
        Namespace = "sales",
        InstanceId = "web1:4711",
        Language = "go",
        ExecutablePath = "/usr/bin/shop",
        ResourceAttributes = ImmutableSortedDictionary<string, string>.Empty.Add("service.version", "1.2").Add("host.name", "the process's own opinion"),
    };

    internal static readonly ServiceInfo Stock = new() { ProcessId = 4712, Name = "stock", InstanceId = "web1:4712", Language = "python" };

    internal static RpcSpan Call(SpanKind kind, int? status) => new()
    {
        Kind = kind,
        Service = Shop,
        StartUnixNanoseconds = 1_700_000_000_123_456_789,
        DurationNanoseconds = 15_220_001,
        Source = new SocketEndpoint([10, 0, 0, 7], 50482),
        Destination = new SocketEndpoint([10, 0, 0, 8], 50051),
        TraceId = ActivityTraceId.CreateRandom(),
        SpanId = ActivitySpanId.CreateRandom(),
        End = status is null ? SpanEnd.Aborted : SpanEnd.Framed,
        Method = "shop.v1.Orders/Place",
        StatusCode = status,
        HttpStatusCode = 200,
        Host = "orders",
        RequestMessages = 1,
        RequestBytes = 17,
        ResponseMessages = 0,
        ResponseBytes = 0,
    };

    internal static HttpSpan Span(ServiceInfo service, int number = 0, SpanKind kind = SpanKind.Server, int? status = 200, bool hasParent = false) => new()
    {
        Kind = kind,
        Service = service,
        StartUnixNanoseconds = 1_700_000_000_123_456_789 + number,
        DurationNanoseconds = 15_220_001,
        Source = new SocketEndpoint([10, 0, 0, 7], 50482),
        Destination = new SocketEndpoint([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 8080),
        TraceId = ActivityTraceId.CreateRandom(),
        SpanId = ActivitySpanId.CreateRandom(),
        ParentSpanId = hasParent ? ActivitySpanId.CreateRandom() : default,
        End = status is null ? SpanEnd.Aborted : SpanEnd.Framed,
        Method = "GET",
        Path = $"/user/{number}/ünïcode",
        Route = "/user/{id}/*",
        StatusCode = status,
        Host = "shop.example:8080",
        ProtocolVersion = "1.1",
        RequestBodySize = 17,
        ResponseBodySize = 0,
    };
}
