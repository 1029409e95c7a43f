using System.Diagnostics.Metrics;
using Beyla.Metrics;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Proto.Metrics.V1;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>What OpenTelemetry's own SDK and exporter make of the same values.</summary>
public sealed class OracleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpTemporality.Cumulative)]
    [InlineData(OtlpTemporality.Delta)]
    public async Task Histograms_equal_those_of_the_OpenTelemetry_SDK(OtlpTemporality temporality)
    {
        await using var ours = await Collector.StartAsync();
        await using var theirs = await Collector.StartAsync();
        var random = new Random(7);
        var store = new RedStore();
        var service = store.Register(Samples.Shop);
        await using var exporter = new OtlpMetricsExporter(new OtlpExporterOptions { Endpoint = ours.Http, Protocol = OtlpProtocol.HttpProtobuf, Metrics = { Interval = TimeSpan.FromHours(1), Temporality = temporality } });
        await exporter.StartAsync(new StoreSession(store), Token);

        using var meter = new Meter("oracle");
        var duration = meter.CreateHistogram<double>("http.server.request.duration", "s", MetricRegistry.HttpServerRequestDuration.Description);
        var size = meter.CreateHistogram<double>("http.server.request.body.size", "By", MetricRegistry.HttpServerRequestBodySize.Description);
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter("oracle")
            .AddView(duration.Name, new ExplicitBucketHistogramConfiguration { Boundaries = [.. new RedOptions().DurationBuckets], RecordMinMax = false })
            .AddView(size.Name, new ExplicitBucketHistogramConfiguration { Boundaries = [.. new RedOptions().RequestSizeBuckets], RecordMinMax = false })
            .AddOtlpExporter(Exporter(theirs, temporality))
            .Build();

        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 200; i++)
            {
                var seconds = i % 10 == 0 ? 0.005 : Math.Pow(10, (random.NextDouble() * 6) - 4);
                var bytes = i % 7 == 0 ? 0 : random.Next(20_000);
                var status = random.Next(3) == 0 ? 500 : 200;
                service.RecordHttp(SpanKind.Server, "GET"u8, status, "/a/{id}", https: false, "shop", 80, seconds, bytes, -1);
                KeyValuePair<string, object?>[] tags =
                [
                    new("http.request.method", "GET"), new("http.response.status_code", status), new("http.route", "/a/{id}"),
                    new("url.scheme", "http"), new("server.address", "shop"), new("server.port", 80),
                ];
                duration.Record(seconds, tags);
                size.Record(bytes, tags);
            }

            await exporter.ExportAsync(Token);
            provider.ForceFlush();
        }

        Assert.Equal(3, ours.Metrics.Count);
        Assert.Equal(3, theirs.Metrics.Count);
        foreach (var (mine, yours) in ours.Metrics.Zip(theirs.Metrics))
        {
            Assert.Equal(Comparable(yours.Message.ResourceMetrics[0]), Comparable(mine.Message.ResourceMetrics[0]));
        }
    }

    [Theory]
    [InlineData(OtlpTemporality.Cumulative)]
    [InlineData(OtlpTemporality.Delta)]
    public async Task Exponential_histograms_equal_those_of_the_OpenTelemetry_SDK(OtlpTemporality temporality)
    {
        await using var ours = await Collector.StartAsync();
        await using var theirs = await Collector.StartAsync();
        var random = new Random(11);
        var store = new RedStore(new RedOptions { ExponentialHistograms = true });
        var service = store.Register(Samples.Shop);
        await using var exporter = new OtlpMetricsExporter(new OtlpExporterOptions
        {
            Endpoint = ours.Http,
            Protocol = OtlpProtocol.HttpProtobuf,
            Metrics = { Interval = TimeSpan.FromHours(1), Temporality = temporality, ExponentialHistograms = true },
        });
        await exporter.StartAsync(new StoreSession(store), Token);
        using var meter = new Meter("exponential oracle");
        var duration = meter.CreateHistogram<double>("http.server.request.duration", "s");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meter.Name)
            .AddView(duration.Name, new Base2ExponentialBucketHistogramConfiguration { MaxSize = 160, MaxScale = 20, RecordMinMax = false })
            .AddOtlpExporter(Exporter(theirs, temporality))
            .Build();

        // The range grows with each round, so that the buckets become coarser between exports. A difference keeps the scale of the
        // whole series, while the SDK begins each interval at the finest; so deltas are compared where it can't matter.
        for (var round = 1; round <= 3; round++)
        {
            for (var i = 0; i < 300; i++)
            {
                var seconds = i % 50 == 0 ? 0 : Math.Pow(10, random.NextDouble() * round * 2) / 1000;
                service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: false, "shop", 80, seconds, -1, -1);
                duration.Record(seconds);
            }

            await exporter.ExportAsync(Token);
            provider.ForceFlush();
        }

        foreach (var (mine, yours) in ours.Metrics.Zip(theirs.Metrics))
        {
            var (a, b) = (Point(mine), Point(yours));
            Assert.Equal((b.Count, b.ZeroCount, Math.Round(b.Sum, 9)), (a.Count, a.ZeroCount, Math.Round(a.Sum, 9)));
            var scale = Math.Min(a.Scale, b.Scale);
            Assert.Equal(Buckets(b, scale), Buckets(a, scale));
            Assert.True(temporality == OtlpTemporality.Delta || a.Scale == b.Scale, $"Our scale is {a.Scale}, theirs {b.Scale}.");
        }

        static ExponentialHistogramDataPoint Point(Delivery<OpenTelemetry.Proto.Collector.Metrics.V1.ExportMetricsServiceRequest> delivery) =>
            delivery.Message.ResourceMetrics[0].ScopeMetrics[0].Metrics.Single(metric => metric.Name == "http.server.request.duration").ExponentialHistogram.DataPoints.Single();

        static SortedDictionary<int, ulong> Buckets(ExponentialHistogramDataPoint point, int scale)
        {
            var buckets = new SortedDictionary<int, ulong>();
            for (var i = 0; i < point.Positive.BucketCounts.Count; i++)
            {
                if (point.Positive.BucketCounts[i] > 0)
                {
                    var index = (point.Positive.Offset + i) >> (point.Scale - scale);
                    buckets[index] = buckets.GetValueOrDefault(index) + point.Positive.BucketCounts[i];
                }
            }

            return buckets;
        }
    }

    // Exports when it is told to.
    private static Action<OpenTelemetry.Exporter.OtlpExporterOptions, MetricReaderOptions> Exporter(Collector collector, OtlpTemporality temporality) => (otlp, reader) =>
    {
        otlp.Endpoint = new Uri(collector.Http, "v1/metrics");
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = int.MaxValue;
        reader.TemporalityPreference = temporality == OtlpTemporality.Delta ? MetricReaderTemporalityPreference.Delta : MetricReaderTemporalityPreference.Cumulative;
    };

    // All but the moments, which can't be equal, as text that names the difference.
    private static string[] Comparable(ResourceMetrics resource) =>
    [
        .. from metric in resource.ScopeMetrics.Single().Metrics
           from point in metric.Histogram.DataPoints
           let attributes = string.Join(',', Decoded.Attributes(point.Attributes).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}:{pair.Value.GetType().Name}"))
           let line = $"{metric.Name}|{metric.Unit}|{metric.Description}|{metric.Histogram.AggregationTemporality}|{attributes}|{point.Count}|{point.Sum:E9}|{string.Join(' ', point.BucketCounts)}|{string.Join(' ', point.ExplicitBounds)}"
           orderby line
           select line,
    ];
}
