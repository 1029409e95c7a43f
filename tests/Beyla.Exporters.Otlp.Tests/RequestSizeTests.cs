using System.Globalization;
using Beyla.Metrics;
using Beyla.Telemetry;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using static Beyla.Exporters.Otlp.Tests.Setup;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>What a collector would refuse for its size goes out in several requests.</summary>
public sealed class RequestSizeTests
{
    private const int MaxBytes = 65536;

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task Spans_of_a_batch_are_divided(OtlpProtocol protocol)
    {
        await using var collector = await Collector.StartAsync();
        var spans = Enumerable.Range(0, 1000).Select(number => (Span)Samples.Span(number % 3 == 0 ? Samples.Stock : Samples.Shop, number)).ToArray();
        await using (var sink = new OtlpTraceSink(Options(collector, protocol, options => options.MaxRequestBytes = MaxBytes)))
        {
            await sink.EmitAsync(spans, Token);
            await Until(() => sink.Account.Queued == 0);
            Assert.Equal(1000, sink.Account.Exported);
        }

        Assert.True(collector.Traces.Count > 5);
        Assert.All(collector.Traces, delivery => Assert.InRange(delivery.Message.CalculateSize(), 1, MaxBytes + 2048));
        foreach (var service in (ServiceInfo[])[Samples.Shop, Samples.Stock])
        {
            var received = collector.Traces
                .SelectMany(delivery => delivery.Message.ResourceSpans)
                .Where(resource => Equals(Decoded.Attributes(resource.Resource.Attributes)["service.name"], service.Name))
                .SelectMany(resource => resource.ScopeSpans)
                .SelectMany(scope => scope.Spans)
                .Select(span => Convert.ToHexStringLower(span.SpanId.Span));
            Assert.Equal(spans.Where(span => span.Service == service).Select(span => span.SpanId.ToHexString()), received);
        }
    }

    [Fact]
    public async Task Series_of_an_export_are_divided_and_each_part_is_repeated_on_its_own()
    {
        await using var collector = await Collector.StartAsync();
        var store = new RedStore();
        var service = store.Register(Samples.Shop);
        await using var exporter = new OtlpMetricsExporter(Options(collector, OtlpProtocol.HttpProtobuf, options =>
        {
            options.MaxRequestBytes = MaxBytes;
            options.Metrics.Interval = TimeSpan.FromHours(1);
            options.Metrics.Temporality = OtlpTemporality.Delta;
            options.Metrics.ExportTelemetry = true;
        }));
        await exporter.StartAsync(new StoreSession(store), Token);
        Record();
        collector.Script.Enqueue(new());
        collector.Script.Enqueue(new() { HttpStatus = 400 });
        await exporter.ExportAsync(Token);
        Assert.True(exporter.Account.Rejected > 0);
        Assert.All(collector.Metrics, delivery => Assert.InRange(delivery.Message.CalculateSize(), 1, MaxBytes + 16384));
        var first = Counts(collector);
        Assert.True(first.Count is > 500 and < 1000);
        Assert.All(first.Values, count => Assert.Equal(1UL, count));

        // What the refused part held comes with the next export, together with what is new.
        collector.Metrics.Clear();
        Record();
        await exporter.ExportAsync(Token);
        var second = Counts(collector);
        Assert.Equal(1000, second.Count);
        Assert.All(second, series => Assert.Equal(first.ContainsKey(series.Key) ? 1UL : 2UL, series.Value));

        void Record()
        {
            for (var i = 0; i < 1000; i++)
            {
                service.RecordHttp(SpanKind.Server, "GET"u8, 200, string.Create(CultureInfo.InvariantCulture, $"/a/{i}"), https: false, "shop", 80, 0.1, -1, -1);
            }
        }
    }

    [Theory]
    [InlineData(OtlpTemporality.Cumulative, 5, 12)]
    [InlineData(OtlpTemporality.LowMemory, 5, 12)]
    [InlineData(OtlpTemporality.Delta, 5, 7)]
    public async Task Counters_of_telemetry_are_differences_where_these_are_asked_for(OtlpTemporality temporality, int first, int second)
    {
        await using var collector = await Collector.StartAsync();
        var source = new Counting();
        await using var exporter = new OtlpMetricsExporter(Options(collector, OtlpProtocol.HttpProtobuf, options =>
        {
            options.Metrics.Interval = TimeSpan.FromHours(1);
            options.Metrics.Temporality = temporality;
            options.Metrics.ExportTelemetry = true;
        }));
        await exporter.StartAsync(new StoreSession(new RedStore(), source), Token);
        source.Value = 5;
        await exporter.ExportAsync(Token);
        source.Value = 9;
        collector.Script.Enqueue(new() { HttpStatus = 400 });
        await exporter.ExportAsync(Token);
        source.Value = 12;
        await exporter.ExportAsync(Token);
        var metrics = collector.Metrics.Select(delivery => delivery.Message.ResourceMetrics[0].ScopeMetrics[0].Metrics).ToArray();
        Assert.Equal([first, second], metrics.Select(all => (int)all.Single(metric => metric.Name == "a.counter").Sum.DataPoints[0].AsInt));
        Assert.Equal([5, 12], metrics.Select(all => (int)all.Single(metric => metric.Name == "a.level").Sum.DataPoints[0].AsInt));
        var (before, after) = (metrics[0].Single(metric => metric.Name == "a.counter").Sum, metrics[1].Single(metric => metric.Name == "a.counter").Sum);
        Assert.Equal(temporality == OtlpTemporality.Delta ? before.DataPoints[0].TimeUnixNano : before.DataPoints[0].StartTimeUnixNano, after.DataPoints[0].StartTimeUnixNano);
        Assert.Equal(temporality == OtlpTemporality.Delta, after.AggregationTemporality == OpenTelemetry.Proto.Metrics.V1.AggregationTemporality.Delta);
    }

    [Fact]
    public async Task A_source_that_throws_costs_one_export()
    {
        await using var collector = await Collector.StartAsync();
        var source = new Counting { Failure = new InvalidOperationException("a bad day") };
        var log = new LogLines();
        await using var exporter = new OtlpMetricsExporter(
            Options(collector, OtlpProtocol.HttpProtobuf, options =>
            {
                options.Metrics.Interval = TimeSpan.FromMilliseconds(20);
                options.Metrics.ExportTelemetry = true;
            }),
            log.For<OtlpMetricsExporter>());
        await exporter.StartAsync(new StoreSession(new RedStore(), source), Token);
        await Until(() => log.ToString().Contains("could not be collected", StringComparison.Ordinal));
        source.Failure = null;
        await Until(() => !collector.Metrics.IsEmpty);
    }

    private static Dictionary<string, ulong> Counts(Collector collector) => collector.Metrics
        .SelectMany(delivery => delivery.Message.ResourceMetrics)
        .SelectMany(resource => resource.ScopeMetrics)
        .SelectMany(scope => scope.Metrics)
        .Where(metric => metric.Histogram is not null)
        .SelectMany(metric => metric.Histogram.DataPoints)
        .ToDictionary(point => (string)Decoded.Attributes(point.Attributes)["http.route"], point => point.Count);

    private sealed class Counting : ITelemetrySource
    {
        private static readonly TelemetryInstrument Counter = new("a.counter", TelemetryInstrumentKind.Counter, "{thing}", "Things");
        private static readonly TelemetryInstrument Level = new("a.level", TelemetryInstrumentKind.UpDownCounter, "{thing}", "Level");

        internal double Value { get; set; }

        internal Exception? Failure { get; set; }

        public void Collect(ITelemetryVisitor visitor)
        {
            if (Failure is { } failure)
            {
                throw failure;
            }

            visitor.Visit(Counter, Value);
            visitor.Visit(Level, Value);
        }
    }
}
