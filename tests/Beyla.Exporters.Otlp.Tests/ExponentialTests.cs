using Beyla.Exporters.Otlp.Encoding;
using Beyla.Metrics;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>Exponential buckets and exemplars on the wire.</summary>
public sealed class ExponentialTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly ProtobufBuffer _buffer = new();

    public void Dispose() => _buffer.Dispose();

    [Fact]
    public void Buckets_are_what_the_store_says()
    {
        var metric = Encode(deltas: null, (3, -2, 7, [1, 0, 4]));
        Assert.Equal(AggregationTemporality.Cumulative, metric.ExponentialHistogram.AggregationTemporality);
        var point = Assert.Single(metric.ExponentialHistogram.DataPoints);
        Assert.Equal((3, -2, 7UL, 12UL, 1.5), (point.Scale, point.Positive.Offset, point.ZeroCount, point.Count, point.Sum));
        Assert.Equal([1UL, 0, 4], point.Positive.BucketCounts);
        Assert.Equal("GET", Decoded.Attributes(point.Attributes)["http.request.method"]);
    }

    [Fact]
    public void Differences_hold_when_the_buckets_have_become_coarser_and_the_range_wider()
    {
        var deltas = new DeltaStates();
        Encode(deltas, (2, -3, 1, [5, 0, 1, 2]));
        deltas.Commit(0);

        // One scale coarser, the buckets -3…0 are -2 (5), -1 (0 + 1), 0 (2); on top come 1 in -4, 2 in -1 and 3 in 2.
        var point = Assert.Single(Encode(deltas, (1, -4, 4, [1, 0, 5, 3, 2, 0, 3])).ExponentialHistogram.DataPoints);
        Assert.Equal((1, -4, 3UL), (point.Scale, point.Positive.Offset, point.ZeroCount));
        Assert.Equal([1UL, 0, 0, 2, 0, 0, 3], point.Positive.BucketCounts);
        Assert.Equal(point.Count, point.ZeroCount + point.Positive.BucketCounts.Aggregate(0UL, (sum, count) => sum + count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Exemplars_carry_value_time_and_ids(bool exponential)
    {
        var metric = Encode(deltas: null, (0, 0, 0, [1]), exponential);
        var exemplars = exponential ? metric.ExponentialHistogram.DataPoints[0].Exemplars : metric.Histogram.DataPoints[0].Exemplars;
        var exemplar = Assert.Single(exemplars);
        Assert.Equal((0.25, "0102030405060708090a0b0c0d0e0f10", "1112131415161718"), (exemplar.AsDouble, Convert.ToHexStringLower(exemplar.TraceId.Span), Convert.ToHexStringLower(exemplar.SpanId.Span)));
        Assert.Equal((ulong)(Start.AddSeconds(1) - DateTimeOffset.UnixEpoch).Ticks * 100, exemplar.TimeUnixNano);
    }

    private Metric Encode(DeltaStates? deltas, (int Scale, int Offset, long Zeros, long[] Counts) buckets, bool exponential = true)
    {
        var requests = new RequestWriter(_buffer, 1 << 20);
        requests.Clear();
        deltas?.Begin();
        var service = new RedStore().Register(Samples.Shop);
        requests.SetResource(new ResourceEncoder(new Tracing.HostIdentity("host", ""), new Dictionary<string, string>()).Of(service.Info));
        var encoder = new HistogramEncoder(_buffer, requests, deltas, exponential) { Time = Start.AddMinutes(1) };
        var count = buckets.Zeros + buckets.Counts.Sum();
        encoder.Visit(new HistogramPoint
        {
            Instrument = MetricRegistry.HttpServerRequestDuration,
            SeriesId = 7,
            AttributeKeys = [new("http.request.method")],
            AttributeValues = ["GET"],
            IsOverflow = false,
            Count = count,
            Sum = 1.5,
            Bounds = [1],
            BucketCounts = [count, 0],
            Exemplars =
            [
                new(0.25, 0x0102030405060708, 0x090a0b0c0d0e0f10, 0x1112131415161718, (Start.AddSeconds(1) - DateTimeOffset.UnixEpoch).Ticks * 100),
                // From before the series began anew.
                new(0.5, 1, 2, 3, (Start.AddSeconds(-1) - DateTimeOffset.UnixEpoch).Ticks * 100),
            ],
            IsExponential = true,
            Exponential = new() { Scale = buckets.Scale, Offset = buckets.Offset, ZeroCount = buckets.Zeros, Counts = buckets.Counts },
            StartTime = Start,
            LastTime = Start,
        });
        encoder.Close();
        requests.Cut();
        return ExportMetricsServiceRequest.Parser.ParseFrom(requests[0].Body.Span).ResourceMetrics[0].ScopeMetrics[0].Metrics[0];
    }
}
