using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Beyla.Metrics;
using Beyla.Tracing;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Beyla.Benchmarks;

/// <summary>An exchange into the three histograms of its series, which exists already, and to whoever listens to the store's meter.</summary>
[MemoryDiagnoser]
public class RecordExchange
{
    private const int RouteCount = 64;

    private readonly string[] _routes = [.. Enumerable.Range(0, RouteCount).Select(i => $"/api/v1/resource{i}/{{id}}/details")];
    private readonly SocketEndpoint _server = new([127, 0, 0, 1], 8080);
    private readonly RedStore _store = new();
    private RedService _service = null!;
    private RedMeter? _meter;
    private MeterProvider? _provider;
    private int _next;

    [ParamsAllValues]
    public Listening Listening { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _service = _store.Register(new ServiceInfo { ProcessId = 1, Name = "shop", InstanceId = "host:1" });
        if (Listening == Listening.NoMeter)
        {
            return;
        }

        _meter = new RedMeter(_store, new MeterOptions(BeylaInstrumentation.MeterName), exception => throw exception);
        _meter.Connect();
        if (Listening == Listening.OpenTelemetry)
        {
            _provider = Sdk.CreateMeterProviderBuilder().AddMeter(BeylaInstrumentation.MeterName).AddReader(new BaseExportingMetricReader(new ForgetfulExporter())).Build();
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _provider?.Dispose();
        _meter?.Dispose();
    }

    [Benchmark]
    public void OneRoute() => Record(_routes[0]);

    [Benchmark]
    public void ManyRoutes()
    {
        _next = (_next + 1) % RouteCount;
        Record(_routes[_next]);
    }

    private void Record(string route) =>
        _service.RecordHttp(SpanKind.Server, "GET"u8, 200, route, https: false, _service.NameOf(_server), _server.Port, 0.0123, 0, 127);

    private sealed class ForgetfulExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
