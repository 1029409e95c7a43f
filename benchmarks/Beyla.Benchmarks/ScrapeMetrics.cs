using System.Buffers;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Beyla.Exporters.Prometheus;
using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Benchmarks;

/// <summary>A Prometheus page of ten thousand histograms: ten services with a thousand routes each.</summary>
[MemoryDiagnoser]
public class ScrapeMetrics
{
    private const int Services = 10;
    private const int RoutesPerService = 1000;

    private readonly ArrayBufferWriter<byte> _page = new(64 * 1024 * 1024);
    private RedMetricsPage _metrics = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var store = new RedStore(new RedOptions { Ttl = TimeSpan.Zero });
        for (var service = 0; service < Services; service++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"service{service}");
            var recorder = store.Register(new ServiceInfo { ProcessId = service + 1, Name = name, InstanceId = name });
            for (var route = 0; route < RoutesPerService; route++)
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"/api/v1/resource{route}/{{id}}");
                recorder.RecordHttp(SpanKind.Server, "GET"u8, 200, path, https: false, "10.0.0.1", 8080, 0.001 * route, -1, -1);
            }
        }

        _metrics = new RedMetricsPage(store);
    }

    [Benchmark]
    public int TenThousandSeries()
    {
        _page.ResetWrittenCount();
        _metrics.Write(new PrometheusTextWriter(_page));
        return _page.WrittenCount;
    }
}
