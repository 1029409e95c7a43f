using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Otlp.Encoding;
using Beyla.Metrics;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Benchmarks;

/// <summary>Spans and series into OTLP requests, as they go out by gRPC or HTTP. One operation is one span, or one series.</summary>
[MemoryDiagnoser]
public class EncodeOtlp
{
    private const int Spans = 4096;
    private const int Services = 10;
    private const int RoutesPerService = 1000;
    private const int MaxRequestBytes = 3 * 1024 * 1024;

    private readonly Span[] _spans = new Span[Spans];
    private readonly RedStore _store = new(new RedOptions { Ttl = TimeSpan.Zero });
    private SpanEncoder _spanEncoder = null!;
    private MetricEncoder _metricEncoder = null!;
    private MetricsSnapshot _snapshot = null!;

    [Params(OtlpTemporality.Cumulative, OtlpTemporality.Delta)]
    public OtlpTemporality Temporality { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var resources = new ResourceEncoder(new HostIdentity("host", "0123456789abcdef"), new Dictionary<string, string>());
        _spanEncoder = new SpanEncoder(resources, MaxRequestBytes);
        _metricEncoder = new MetricEncoder(resources, Temporality, exponential: false, MaxRequestBytes);
        for (var i = 0; i < Services; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"service{i}");
            var service = new ServiceInfo { ProcessId = i + 1, Name = name, InstanceId = $"host:{name}", Language = "go" };
            var recorder = _store.Register(service);
            for (var route = 0; route < RoutesPerService; route++)
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"/api/v1/resource{route}/{{id}}");
                recorder.RecordHttp(SpanKind.Server, "GET"u8, 200, path, https: false, "10.0.0.1", 8080, 0.001 * route, -1, -1);
            }

            for (var span = i; span < Spans; span += Services)
            {
                _spans[span] = Span(service, span);
            }
        }

        _snapshot = _store.Snapshot();
        // What is encoded wrongly is fast, too.
        if (_spanEncoder.Encode(_spans)[0].Items != Spans || Series() != Services * RoutesPerService)
        {
            throw new InvalidOperationException("Not everything was encoded.");
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _spanEncoder.Dispose();
        _metricEncoder.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Spans)]
    public int Span() => _spanEncoder.Encode(_spans).Count;

    [Benchmark(OperationsPerInvoke = Services * RoutesPerService)]
    public int Series()
    {
        var requests = _metricEncoder.Encode(_snapshot, telemetry: null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        var items = 0;
        for (var i = 0; i < requests.Count; i++)
        {
            items += requests[i].Items;
        }

        return items;
    }

    private static HttpSpan Span(ServiceInfo service, int number) => new()
    {
        Kind = number % 4 == 0 ? SpanKind.Client : SpanKind.Server,
        Service = service,
        StartUnixNanoseconds = 1_795_355_344_123_456_789 + number,
        DurationNanoseconds = 15_218_000,
        Source = new SocketEndpoint([10, 0, 0, 7], 50482),
        Destination = new SocketEndpoint([10, 0, 0, 1], 8080),
        TraceId = ActivityTraceId.CreateRandom(),
        SpanId = ActivitySpanId.CreateRandom(),
        ParentSpanId = number % 2 == 0 ? ActivitySpanId.CreateRandom() : default,
        End = SpanEnd.Framed,
        Method = "GET",
        Path = string.Create(CultureInfo.InvariantCulture, $"/user/{number}/info"),
        Route = "/user/{id}/info",
        StatusCode = number % 100 == 0 ? 500 : 200,
        Host = "shop.example:8080",
        ProtocolVersion = "1.1",
        RequestBodySize = 0,
        ResponseBodySize = 127,
    };
}
