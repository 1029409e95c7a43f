using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Beyla.Exporters.Prometheus;
using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Benchmarks;

/// <summary>A scrape as the server answers it, without the network: ten services, each with a tenth of the histograms.</summary>
[MemoryDiagnoser]
public class ScrapeMetrics
{
    private const int Services = 10;

    private RedMetricsPage _page = null!;

    /// <summary>Label sets of the duration histogram, 18 lines each.</summary>
    [Params(1_000, 10_000)]
    public int Series { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var store = new RedStore(new RedOptions { Ttl = TimeSpan.Zero });
        for (var service = 0; service < Services; service++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"service{service}");
            var recorder = store.Register(new ServiceInfo { ProcessId = service + 1, Name = name, InstanceId = name });
            for (var route = 0; route < Series / Services; route++)
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"/api/v1/resource{route}/{{id}}");
                recorder.RecordHttp(SpanKind.Server, "GET"u8, 200, path, https: false, "10.0.0.1", 8080, 0.001 * route, -1, -1);
            }
        }

        _page = new RedMetricsPage(store);
    }

    /// <summary>What curl gets.</summary>
    [Benchmark]
    public long Text() => Answer("GET /metrics HTTP/1.1\r\nAccept: */*");

    /// <summary>What Prometheus gets.</summary>
    [Benchmark]
    public long OpenMetricsGzip() => Answer("GET /metrics HTTP/1.1\r\nAccept: application/openmetrics-text;version=1.0.0\r\nAccept-Encoding: gzip");

    private long Answer(string request)
    {
        using var response = MetricsResponse.Of([_page], RequestHead.Parse(Encoding.ASCII.GetBytes(request))!, static () => { });
        return response.PageBytes;
    }
}
