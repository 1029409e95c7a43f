using BenchmarkDotNet.Attributes;
using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Benchmarks;

/// <summary>An exchange into the three histograms of its series, which exists already.</summary>
[MemoryDiagnoser]
public class RecordExchange
{
    private const int RouteCount = 64;

    private readonly string[] _routes = [.. Enumerable.Range(0, RouteCount).Select(i => $"/api/v1/resource{i}/{{id}}/details")];
    private readonly SocketEndpoint _server = new([127, 0, 0, 1], 8080);
    private readonly RedService _service = new RedStore().Register(new ServiceInfo { ProcessId = 1, Name = "shop", InstanceId = "host:1" });
    private int _next;

    [Benchmark]
    public void OneRoute() => _service.RecordHttp(SpanKind.Server, "GET"u8, 200, _routes[0], https: false, _server, 0.0123, 0, 127);

    [Benchmark]
    public void ManyRoutes()
    {
        _next = (_next + 1) % RouteCount;
        _service.RecordHttp(SpanKind.Server, "GET"u8, 200, _routes[_next], https: false, _server, 0.0123, 0, 127);
    }
}
