using Beyla.Metrics;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Proto.Metrics.V1;

namespace Beyla.Exporters.Otlp.Tests;

public sealed class MetricsTests : IAsyncLifetime
{
    private const string Duration = "http.server.request.duration";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private Collector _collector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _collector = await Collector.StartAsync();

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task Sums_since_the_start_are_exported_for_each_service(OtlpProtocol protocol)
    {
        var store = new RedStore(new RedOptions { DurationBuckets = [0.1, 1] }, _time);
        var start = _time.GetUtcNow();
        var shop = store.Register(Samples.Shop);
        var stock = store.Register(Samples.Stock);
        Record(shop, 0.05);
        Record(shop, 0.1);
        Record(shop, 0.5);
        Record(stock, 7);
        _time.Advance(TimeSpan.FromSeconds(10));
        await using var exporter = await ExporterAsync(store, protocol);
        await exporter.ExportAsync(Token);
        Record(shop, 5);
        _time.Advance(TimeSpan.FromSeconds(10));
        await exporter.ExportAsync(Token);

        var deliveries = _collector.Metrics.ToArray();
        Assert.Equal(2, deliveries.Length);
        Assert.Equal(["shop", "stock"], deliveries[0].Message.ResourceMetrics.Select(resource => Decoded.Attributes(resource.Resource.Attributes)["service.name"]));
        var metric = Metric(deliveries[0], 0);
        Assert.Equal((Duration, "s", AggregationTemporality.Cumulative), (metric.Name, metric.Unit, metric.Histogram.AggregationTemporality));
        var point = Assert.Single(metric.Histogram.DataPoints);
        Assert.Equal([2UL, 1, 0], point.BucketCounts);
        Assert.Equal([0.1, 1], point.ExplicitBounds);
        Assert.Equal((3UL, 0.65, Nanoseconds(start), Nanoseconds(start.AddSeconds(10))), (point.Count, Math.Round(point.Sum, 9), point.StartTimeUnixNano, point.TimeUnixNano));
        Assert.Equal(
            new Dictionary<string, object>
            {
                ["http.request.method"] = "GET",
                ["http.response.status_code"] = 200L,
                ["http.route"] = "/user/{id}",
                ["url.scheme"] = "http",
                ["server.address"] = "shop.example",
                ["server.port"] = 8080L,
            },
            Decoded.Attributes(point.Attributes));
        var later = Assert.Single(Metric(deliveries[1], 0).Histogram.DataPoints);
        Assert.Equal([2UL, 1, 1], later.BucketCounts);
        Assert.Equal((point.StartTimeUnixNano, Nanoseconds(start.AddSeconds(20))), (later.StartTimeUnixNano, later.TimeUnixNano));
    }

    [Fact]
    public async Task Calls_are_exported_under_the_conventions_of_remote_procedure_calls()
    {
        var store = new RedStore(new RedOptions { DurationBuckets = [1] }, _time);
        store.Register(Samples.Shop).RecordRpc(new RpcMeasurement
        {
            Kind = SpanKind.Client, System = "grpc", Method = "shop.v1.Orders/Place", Status = "UNAVAILABLE", ServerAddress = "orders", ServerPort = 50051, DurationSeconds = 0.5,
        });
        await using var exporter = await ExporterAsync(store, OtlpProtocol.HttpProtobuf);
        await exporter.ExportAsync(Token);
        var metric = Metric(Assert.Single(_collector.Metrics), 0);
        Assert.Equal(("rpc.client.call.duration", "s"), (metric.Name, metric.Unit));
        Assert.Equal(
            new Dictionary<string, object>
            {
                ["rpc.method"] = "shop.v1.Orders/Place",
                ["rpc.system.name"] = "grpc",
                ["rpc.response.status_code"] = "UNAVAILABLE",
                ["server.address"] = "orders",
                ["server.port"] = 50051L,
            },
            Decoded.Attributes(Assert.Single(metric.Histogram.DataPoints).Attributes));
    }

    [Fact]
    public async Task Deltas_tell_what_came_since_the_last_export_that_arrived()
    {
        var store = new RedStore(new RedOptions { DurationBuckets = [0.1, 1] }, _time);
        var start = _time.GetUtcNow();
        var shop = store.Register(Samples.Shop);
        await using var exporter = await ExporterAsync(store, OtlpProtocol.HttpProtobuf, options => options.Metrics.Temporality = OtlpTemporality.Delta);

        Record(shop, 0.05);
        await ExportAt(10);
        Assert.Equal((1UL, start, start.AddSeconds(10)), Only(0));

        Record(shop, 0.5);
        _collector.Script.Enqueue(new() { HttpStatus = 400 });
        await ExportAt(20);
        Assert.Single(_collector.Metrics);

        Record(shop, 0.5);
        await ExportAt(30);
        Assert.Equal((2UL, start.AddSeconds(10), start.AddSeconds(30)), Only(1));

        await ExportAt(40);
        Assert.Equal(2, _collector.Metrics.Count);

        async Task ExportAt(int seconds)
        {
            _time.Advance(start.AddSeconds(seconds) - _time.GetUtcNow());
            await exporter.ExportAsync(Token);
        }

        (ulong Count, DateTimeOffset Start, DateTimeOffset Time) Only(int delivery)
        {
            var metric = Metric(_collector.Metrics.ToArray()[delivery], 0);
            Assert.Equal(AggregationTemporality.Delta, metric.Histogram.AggregationTemporality);
            var point = Assert.Single(metric.Histogram.DataPoints);
            Assert.Equal(point.Count, point.BucketCounts.Aggregate(0UL, (sum, count) => sum + count));
            return (point.Count, Time(point.StartTimeUnixNano), Time(point.TimeUnixNano));
        }
    }

    [Theory]
    [InlineData(OtlpTemporality.Cumulative)]
    [InlineData(OtlpTemporality.Delta)]
    public async Task A_series_that_comes_back_after_its_expiry_begins_anew(OtlpTemporality temporality)
    {
        var store = new RedStore(new RedOptions { Ttl = TimeSpan.FromSeconds(30) }, _time);
        var shop = store.Register(Samples.Shop);
        await using var exporter = await ExporterAsync(store, OtlpProtocol.HttpProtobuf, options => options.Metrics.Temporality = temporality);
        Record(shop, 0.05);
        Record(shop, 0.05);
        await exporter.ExportAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(31));
        await exporter.ExportAsync(Token);
        Assert.Single(_collector.Metrics);
        Record(shop, 0.05);
        var anew = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        await exporter.ExportAsync(Token);
        var point = Assert.Single(Metric(_collector.Metrics.ToArray()[1], 0).Histogram.DataPoints);
        Assert.Equal((1UL, anew), (point.Count, Time(point.StartTimeUnixNano)));
    }

    [Fact]
    public async Task Too_many_series_share_one_that_says_so()
    {
        var store = new RedStore(new RedOptions { MaxSeriesPerService = 1 }, _time);
        var shop = store.Register(Samples.Shop);
        Record(shop, 1);
        Record(shop, 1, route: "/other");
        await using var exporter = await ExporterAsync(store, OtlpProtocol.HttpProtobuf);
        await exporter.ExportAsync(Token);
        var points = Metric(Assert.Single(_collector.Metrics), 0).Histogram.DataPoints;
        Assert.Equal(2, points.Count);
        Assert.Equal(new Dictionary<string, object> { [MetricRegistry.OverflowAttribute] = true }, Decoded.Attributes(points[1].Attributes));
    }

    [Fact]
    public async Task What_the_session_tells_about_itself_has_a_resource_of_its_own()
    {
        var store = new RedStore(timeProvider: _time);
        await using var exporter = await ExporterAsync(store, OtlpProtocol.HttpProtobuf, options => options.Metrics.ExportTelemetry = true);
        await exporter.ExportAsync(Token);
        var resource = Assert.Single(Assert.Single(_collector.Metrics).Message.ResourceMetrics);
        Assert.Equal("beyla", Decoded.Attributes(resource.Resource.Attributes)["service.name"]);
        var metrics = resource.ScopeMetrics[0].Metrics.ToDictionary(metric => metric.Name);
        Assert.Equal((MetricRegistry.All.Length, false), (metrics["beyla.metrics.series"].Sum.DataPoints.Count, metrics["beyla.metrics.series"].Sum.IsMonotonic));
        Assert.Equal((0L, true), (Assert.Single(metrics["beyla.metrics.overflows"].Sum.DataPoints).AsInt, metrics["beyla.metrics.overflows"].Sum.IsMonotonic));
    }

    [Fact]
    public async Task The_last_export_comes_with_the_end_and_regular_ones_before()
    {
        var store = new RedStore();
        Record(store.Register(Samples.Shop), 1);
        await using var exporter = await ExporterAsync(store, OtlpProtocol.HttpProtobuf, options => options.Metrics.Interval = TimeSpan.FromMilliseconds(20), TimeProvider.System);
        await exporter.StartAsync(new StoreSession(store), Token);
        while (_collector.Metrics.Count < 3)
        {
            await Task.Delay(5, Token);
        }

        await exporter.StopAsync(Token);
        Assert.Equal((exporter.Account.Received, 0), (exporter.Account.Exported, exporter.Account.Dropped));
    }

    [Fact]
    public async Task A_collector_that_is_away_does_not_hold_up_the_end()
    {
        var store = new RedStore();
        Record(store.Register(Samples.Shop), 1);
        _collector.Always = new() { Hangs = true };
        await using var exporter = await ExporterAsync(store, OtlpProtocol.HttpProtobuf, options => options.Timeout = TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await exporter.StartAsync(new StoreSession(store), Token);
        await exporter.StopAsync(Token).AsTask().WaitAsync(Setup.Deadline, Token);
        Assert.Equal((0L, 0L), (exporter.Account.Exported, exporter.Account.Queued));
        Assert.Equal(exporter.Account.Received, exporter.Account.Dropped);
    }

    private static void Record(RedService service, double seconds, string route = "/user/{id}") =>
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, route, https: false, "shop.example", 8080, seconds, -1, -1);

    private static Metric Metric(Delivery<OpenTelemetry.Proto.Collector.Metrics.V1.ExportMetricsServiceRequest> delivery, int resource) =>
        Assert.Single(Assert.Single(delivery.Message.ResourceMetrics[resource].ScopeMetrics).Metrics);

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static DateTimeOffset Time(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)nanoseconds / 100);

    private async Task<OtlpMetricsExporter> ExporterAsync(RedStore store, OtlpProtocol protocol, Action<OtlpExporterOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new OtlpExporterOptions
        {
            Endpoint = protocol == OtlpProtocol.Grpc ? _collector.Grpc : _collector.Http,
            Protocol = protocol,
            RetryInitialInterval = TimeSpan.FromMilliseconds(20),
            Metrics = { Interval = TimeSpan.FromHours(1) },
        };
        configure?.Invoke(options);
        var exporter = new OtlpMetricsExporter(options, timeProvider: time ?? _time);
        if (time is null)
        {
            await exporter.StartAsync(new StoreSession(store), Token);
        }

        return exporter;
    }
}
