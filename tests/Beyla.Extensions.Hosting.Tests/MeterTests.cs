using System.Globalization;
using System.Text;
using Beyla.Exporters.Prometheus;
using Beyla.Metrics;
using Beyla.Telemetry;
using Beyla.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Beyla.Extensions.Hosting.Tests;

/// <summary>What the OpenTelemetry SDK hears of a session's meters is what the session says itself.</summary>
public sealed class MeterTests
{
    [Theory]
    [InlineData(MetricReaderTemporalityPreference.Cumulative)]
    [InlineData(MetricReaderTemporalityPreference.Delta)]
    public async Task The_histograms_of_the_SDK_are_those_of_the_store(MetricReaderTemporalityPreference temporality)
    {
        await using var session = new FakeSession();
        using var meters = Connect(session);
        var exported = new List<Metric>();
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(BeylaInstrumentation.MeterName)
            .AddInMemoryExporter(exported, reader => reader.TemporalityPreference = temporality)
            .Build();
        RandomTraffic.Record(session.Metrics, seed: 1, exchanges: 500);
        provider.ForceFlush();
        var expected = Histograms(session.Metrics);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Histograms(exported));
        Assert.All(exported, metric => Assert.Equal(BeylaInstrumentation.Version, metric.MeterVersion));
    }

    [Fact]
    public async Task The_Prometheus_page_of_the_SDK_has_the_samples_of_ours()
    {
        await using var session = new FakeSession();
        using var meters = Connect(session);
        var port = LocalPort.Free();
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(BeylaInstrumentation.MeterName)
            .AddPrometheusHttpListener(options => options.Port = port)
            .Build();
        RandomTraffic.Record(session.Metrics, seed: 2, exchanges: 500);

        using var http = new HttpClient();
        var theirs = Samples(await http.GetStringAsync(new Uri($"http://localhost:{port}/metrics"), TestContext.Current.CancellationToken));
        var page = new System.Buffers.ArrayBufferWriter<byte>();
        new RedMetricsPage(session.Metrics).Write(new PrometheusTextWriter(page));
        var ours = Samples(Encoding.UTF8.GetString(page.WrittenSpan));
        Assert.True(ours.Count > 500);
        Assert.Equal(ours.Keys.Order(StringComparer.Ordinal), theirs.Keys.Order(StringComparer.Ordinal));
        Assert.All(ours, sample => Assert.Equal(sample.Value, theirs[sample.Key], 9));
    }

    [Fact]
    public async Task What_a_session_tells_about_itself_reaches_the_SDK()
    {
        await using var session = new FakeSession { Statistics = new() { Captured = 12, Exported = 9, Sinks = [new() { Name = "mine", Exported = 6, Dropped = 3, Capacity = 10 }] } };
        using var meters = Connect(session);
        var exported = new List<Metric>();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(BeylaInstrumentation.InternalMeterName).AddInMemoryExporter(exported).Build();
        provider.ForceFlush();

        var told = TelemetryValues.Of(session.Telemetry).ByInstrument.ToDictionary(pair => pair.Key.Name);
        Assert.Equal(told.Keys.Order(StringComparer.Ordinal), exported.Select(metric => metric.Name).Order(StringComparer.Ordinal));
        Assert.All(exported, metric =>
        {
            var instrument = told[metric.Name].Key;
            Assert.Equal((instrument.Unit, instrument.Description), (metric.Unit, metric.Description));
            Assert.Equal(
                instrument.Kind switch
                {
                    TelemetryInstrumentKind.Counter => instrument.IsInteger ? MetricType.LongSum : MetricType.DoubleSum,
                    TelemetryInstrumentKind.UpDownCounter => instrument.IsInteger ? MetricType.LongSumNonMonotonic : MetricType.DoubleSumNonMonotonic,
                    _ => instrument.IsInteger ? MetricType.LongGauge : MetricType.DoubleGauge,
                },
                metric.MetricType);
        });
        Assert.Equal(["12"], Values(exported, "beyla.exchanges.captured"));
        Assert.Equal(["outcome=dropped,sink=mine 3", "outcome=exported,sink=mine 6", "outcome=failed,sink=mine 0"], Values(exported, "beyla.sink.spans"));
    }

    [Fact]
    public async Task Several_sessions_are_told_apart_and_end_on_their_own()
    {
        await using var first = new FakeSession();
        await using var second = new FakeSession();
        using var firstMeters = Connect(first, "blue");
        var secondMeters = Connect(second, "green");
        var exported = new List<Metric>();
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(BeylaInstrumentation.MeterName)
            .AddInMemoryExporter(exported, reader => reader.TemporalityPreference = MetricReaderTemporalityPreference.Cumulative)
            .Build();
        RandomTraffic.Record(first.Metrics, seed: 3, exchanges: 10);
        RandomTraffic.Record(second.Metrics, seed: 4, exchanges: 20);
        provider.ForceFlush();
        Assert.Equal(10, Requests(exported, "blue"));
        Assert.Equal(20, Requests(exported, "green"));

        secondMeters.Dispose();
        for (var i = 0; i < 3; i++)
        {
            exported.Clear();
            RandomTraffic.Record(first.Metrics, seed: 3, exchanges: 10);
            provider.ForceFlush();
        }

        Assert.Equal(40, Requests(exported, "blue"));
        Assert.Equal(0, Requests(exported, "green"));
    }

    private static SessionMeters Connect(FakeSession session, string name = "")
    {
        var meters = new SessionMeters(session, name, NullLogger.Instance, TimeProvider.System);
        meters.ConnectMetrics();
        meters.ConnectTelemetry();
        return meters;
    }

    private static List<string> Histograms(RedStore store)
    {
        var lines = new HistogramLines();
        foreach (var service in store.Snapshot().Services)
        {
            lines.Service = $"service.instance.id={service.Service.InstanceId},service.name={service.Service.Name},service.namespace={service.Service.Namespace}";
            foreach (var instrument in MetricRegistry.All)
            {
                service.Visit(instrument, lines);
            }
        }

        lines.Lines.Sort(StringComparer.Ordinal);
        return lines.Lines;
    }

    private static List<string> Histograms(List<Metric> metrics)
    {
        var lines = new List<string>();
        foreach (var metric in metrics)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                var tags = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["service.namespace"] = "" };
                foreach (var (key, value) in point.Tags)
                {
                    tags[key] = string.Create(CultureInfo.InvariantCulture, $"{value}");
                }

                var (bounds, counts) = (new List<double>(), new List<long>());
                foreach (var bucket in point.GetHistogramBuckets())
                {
                    bounds.Add(bucket.ExplicitBound);
                    counts.Add(bucket.BucketCount);
                }

                lines.Add(Line(metric.Name, metric.Unit, metric.Description, tags, point.GetHistogramCount(), point.GetHistogramSum(), bounds[..^1], counts));
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static string Line(string name, string unit, string description, SortedDictionary<string, string> tags, long count, double sum, IEnumerable<double> bounds, IEnumerable<long> counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}|{unit}|{description}|{string.Join(',', tags.Select(tag => $"{tag.Key}={tag.Value}"))}|{count}|{sum:E9}|{string.Join(' ', bounds)}|{string.Join(' ', counts)}");

    private static List<string> Values(List<Metric> metrics, string name)
    {
        var lines = new List<string>();
        foreach (ref readonly var point in metrics.Single(metric => metric.Name == name).GetMetricPoints())
        {
            var tags = new List<string>();
            foreach (var (key, value) in point.Tags)
            {
                tags.Add($"{key}={value}");
            }

            tags.Sort(StringComparer.Ordinal);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', tags)} {point.GetSumLong()}").Trim());
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static long Requests(List<Metric> metrics, string session)
    {
        var count = 0L;
        foreach (var metric in metrics.Where(metric => metric.Unit == "s" && metric.MeterTags!.Contains(new("beyla.session", session))))
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                count += point.GetHistogramCount();
            }
        }

        return count;
    }

    // Samples of the text format by name and labels, without the labels in which the two pages are meant to differ.
    private static Dictionary<string, double> Samples(string page) => page.Split('\n')
        .Where(line => line.StartsWith("http_", StringComparison.Ordinal))
        .Select(line =>
        {
            var (open, close) = (line.IndexOf('{', StringComparison.Ordinal), line.LastIndexOf('}'));
            var labels = line[(open + 1)..close].Split("\",")
                .Select(label => label.TrimEnd('"').Replace("=\"", "=", StringComparison.Ordinal))
                .Where(label => label.Length > 0 && !label.StartsWith("otel_scope_", StringComparison.Ordinal) && !label.StartsWith("job=", StringComparison.Ordinal))
                .Select(label => label.StartsWith("instance=", StringComparison.Ordinal) ? $"service_{label.Replace("instance=", "instance_id=", StringComparison.Ordinal)}" : label)
                .Order(StringComparer.Ordinal);
            return (Key: $"{line[..open]}{{{string.Join(',', labels)}}}", Value: double.Parse(line[(close + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
        })
        .ToDictionary(sample => sample.Key, sample => sample.Value);

    private sealed class HistogramLines : IHistogramVisitor
    {
        internal List<string> Lines { get; } = [];

        internal string Service { get; set; } = "";

        public void Visit(in HistogramPoint point)
        {
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var part in Service.Split(','))
            {
                tags.Add(part[..part.IndexOf('=', StringComparison.Ordinal)], part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            }

            for (var i = 0; i < point.AttributeKeys.Length; i++)
            {
                if (point.AttributeValues[i] is { } value)
                {
                    tags.Add(point.AttributeKeys[i].Name, value);
                }
            }

            Lines.Add(Line(point.Instrument.Name, point.Instrument.Unit, point.Instrument.Description, tags, point.Count, point.Sum, point.Bounds.ToArray(), point.BucketCounts.ToArray()));
        }
    }
}
