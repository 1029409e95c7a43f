using Beyla.Metrics;
using Beyla.Tests.Shared;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Metrics;

public sealed class RedExemplarTests
{
    private readonly RedFixture _fixture = new(new() { ExemplarFilter = ExemplarFilter.AlwaysOn, ExponentialHistograms = true, MaxSeriesPerService = 2, Ttl = TimeSpan.FromMinutes(5) });

    [Fact]
    public void Each_bucket_keeps_its_latest_exemplar()
    {
        var service = _fixture.Register();
        Record(service, 0.001, span: 1);
        Record(service, 0.002, span: 2);
        Record(service, 0.7, span: 3);
        Record(service, 100, span: 4);
        Record(service, 0.003, span: 0);

        var point = Assert.Single(_fixture.Read());
        Assert.Equal([Exemplar(0.002, 2), Exemplar(0.7, 3), Exemplar(100, 4)], point.Exemplars);
        Assert.Equal(5, point.Count);
        Assert.Equal([Exemplar(7, 4)], Assert.Single(_fixture.Read(MetricRegistry.HttpServerResponseBodySize)).Exemplars);
    }

    [Fact]
    public void None_are_kept_unless_asked_for()
    {
        var fixture = new RedFixture();
        Record(fixture.Register(), 0.001, span: 1);
        var point = Assert.Single(fixture.Read());
        Assert.Empty(point.Exemplars);
        Assert.Null(point.Exponential);
    }

    [Fact]
    public void The_exponential_histogram_holds_the_same_values()
    {
        var service = _fixture.Register();
        double[] seconds = [0, 0.001, 0.002, 0.5, 3, 3, 3];
        for (var i = 0; i < seconds.Length; i++)
        {
            Record(service, seconds[i], span: 0);
        }

        var point = Assert.Single(_fixture.Read());
        Assert.NotNull(point.Exponential);
        Assert.Equal(point.Count, point.Exponential.ZeroCount + point.Exponential.Counts.Sum());
        Assert.Equal((1L, 3L), (point.Exponential.ZeroCount, point.Exponential.Counts[^1]));
        var sizes = Assert.Single(_fixture.Read(MetricRegistry.HttpServerResponseBodySize)).Exponential;
        Assert.Equal(new long[] { 7 }, sizes!.Counts);
    }

    [Fact]
    public void An_expired_series_begins_without_them()
    {
        var service = _fixture.Register();
        Record(service, 0.001, span: 1);
        Record(service, 7, span: 2);
        _fixture.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Empty(_fixture.Read());
        Record(service, 0.5, span: 3);

        var point = Assert.Single(_fixture.Read());
        Assert.Equal([Exemplar(0.5, 3)], point.Exemplars);
        Assert.Equal(new long[] { 1 }, point.Exponential!.Counts);
        Assert.Equal((20, 1L), (point.Exponential.Scale, point.Count));
        Assert.Equal(_fixture.Time.GetUtcNow(), point.Start);
    }

    [Fact]
    public void The_overflow_series_keeps_them_too()
    {
        var service = _fixture.Register();
        for (var i = 0; i < 4; i++)
        {
            Record(service, 0.001, span: (ulong)i + 1, route: $"/{i}");
        }

        var overflow = Assert.Single(_fixture.Read(), point => point.IsOverflow);
        Assert.Equal([Exemplar(0.001, 4)], overflow.Exemplars);
        Assert.Equal(new long[] { 2 }, overflow.Exponential!.Counts);
    }

    [Fact]
    public void Recording_with_them_allocates_nothing()
    {
        var service = _fixture.Register();
        Record(service, 0.001, span: 1);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 1; i < 1000; i++)
            {
                Record(service, 0.001 * i, span: (ulong)i);
            }
        }));
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_write()
    {
        var service = _fixture.Register();
        Record(service, 1, span: 1);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                for (var i = 2UL; !stop.IsCancellationRequested; i++)
                {
                    // The value says which span it comes from.
                    Record(service, i, span: i);
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 20_000; i++)
        {
            var point = Assert.Single(_fixture.Read());
            Assert.Equal(point.Count, point.Exponential!.ZeroCount + point.Exponential.Counts.Sum());
            Assert.All(point.Exemplars, exemplar => Assert.Equal(exemplar.SpanId, exemplar.Value));
            Assert.All(point.Exemplars, exemplar => Assert.Equal((exemplar.SpanId, ~exemplar.SpanId), (exemplar.TraceIdHigh, exemplar.TraceIdLow)));
        }

        await stop.CancelAsync();
        await writer;
    }

    private static MetricExemplar Exemplar(double value, ulong span) => new(value, span, ~span, span, 77);

    private static void Record(RedService service, double seconds, ulong span, string route = "/") => service.RecordHttp(
        SpanKind.Server, "GET"u8, 200, route, https: false, null, 0, seconds, -1, 7, default, span == 0 ? default : Exemplar(0, span));
}
