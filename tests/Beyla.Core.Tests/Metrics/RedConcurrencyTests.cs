using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Metrics;

public sealed class RedConcurrencyTests
{
    // Every recorded duration is this one, so a consistent reading has exactly this relation between count and sum.
    private const double Seconds = 0.25;

    [Fact]
    public async Task Every_reading_is_consistent_while_the_writer_runs()
    {
        var store = new RedStore(new() { MaxSeriesPerService = 40 });
        var service = store.Register(RedFixture.Info());
        string[] routes = [.. Enumerable.Range(0, 50).Select(i => $"/{i}")];
        var stop = false;
        var written = 0L;
        var writer = Task.Run(() =>
        {
            for (; !Volatile.Read(ref stop); written++)
            {
                service.RecordHttp(SpanKind.Server, "GET"u8, 200, routes[written % routes.Length], https: false, "a", 80, Seconds, -1, 64);
            }
        }, TestContext.Current.CancellationToken);

        // Enough of each that they meet, however late the writer gets to run.
        var seen = 0L;
        for (var scrapes = 0; scrapes < 1000 || Volatile.Read(ref written) < 100_000; scrapes++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var check = new ConsistencyCheck();
            Assert.Single(store.Snapshot().Services).Visit(MetricRegistry.HttpServerRequestDuration, check);
            Assert.Null(check.Failure);
            Assert.True(check.Total >= seen, "A later scrape counts less than an earlier one.");
            seen = check.Total;
        }

        Volatile.Write(ref stop, true);
        await writer;
        var last = new ConsistencyCheck();
        Assert.Single(store.Snapshot().Services).Visit(MetricRegistry.HttpServerRequestDuration, last);
        Assert.Equal(written, last.Total);
    }

    [Fact]
    public async Task Services_may_come_and_go_while_others_read_and_record()
    {
        var store = new RedStore(new() { RetiredGrace = TimeSpan.Zero });
        var steady = store.Register(RedFixture.Info(instance: "host:0"));
        var churn = Task.Run(() =>
        {
            for (var i = 1; i <= 2000; i++)
            {
                store.Retire(store.Register(RedFixture.Info(instance: $"host:{i}")));
            }
        }, TestContext.Current.CancellationToken);

        var written = 0L;
        for (; !churn.IsCompleted; written++)
        {
            steady.Get("/");
            Assert.Contains(store.Snapshot().Services, service => service.Service.InstanceId == "host:0");
        }

        await churn;
        var check = new PointCollector();
        Assert.Single(store.Snapshot().Services).Visit(MetricRegistry.HttpServerRequestDuration, check);
        Assert.Equal(written, Assert.Single(check.Points).Count);
    }

    private sealed class ConsistencyCheck : IHistogramVisitor
    {
        internal long Total { get; private set; }

        internal string? Failure { get; private set; }

        public void Visit(in HistogramPoint point)
        {
            var buckets = 0L;
            foreach (var bucket in point.BucketCounts)
            {
                buckets += bucket;
            }

            Total += point.Count;
            if (point.Count != buckets || point.Sum != point.Count * Seconds)
            {
                Failure = $"count {point.Count}, buckets {buckets}, sum {point.Sum}";
            }
        }
    }
}
