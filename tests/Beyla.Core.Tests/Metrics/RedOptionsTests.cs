using Beyla.Metrics;

namespace Beyla.Core.Tests.Metrics;

public sealed class RedOptionsTests
{
    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.Empty(Errors(new()));
    }

    [Fact]
    public void All_errors_are_told_at_once_and_each_names_option_and_value()
    {
        var errors = Errors(new()
        {
            DurationBuckets = [1, 1, double.NaN],
            RequestSizeBuckets = [],
            ResponseSizeBuckets = [3, 2],
            Ttl = TimeSpan.FromSeconds(-1),
            RetiredGrace = TimeSpan.FromSeconds(-2),
            MaxSeriesPerService = 0,
            MaxRetiredServices = -3,
            KnownHttpMethods = ["GET", "NO GOOD"],
        });

        Assert.Collection(
            errors,
            error => Assert.StartsWith("metrics.DurationBuckets[1] is 1,", error),
            error => Assert.StartsWith("metrics.DurationBuckets[2] is NaN:", error),
            error => Assert.StartsWith("metrics.RequestSizeBuckets has 0 bounds:", error),
            error => Assert.StartsWith("metrics.ResponseSizeBuckets[1] is 2,", error),
            error => Assert.StartsWith("metrics.Ttl is -00:00:01:", error),
            error => Assert.StartsWith("metrics.RetiredGrace is -00:00:02:", error),
            error => Assert.StartsWith("metrics.MaxSeriesPerService is 0:", error),
            error => Assert.StartsWith("metrics.MaxRetiredServices is -3:", error),
            error => Assert.StartsWith("metrics.KnownHttpMethods holds 'NO GOOD':", error));
    }

    [Fact]
    public void A_store_refuses_invalid_options()
    {
        var exception = Assert.Throws<ArgumentException>(() => new RedStore(new() { MaxSeriesPerService = -1, MaxRetiredServices = -1 }));

        Assert.Contains("MaxSeriesPerService", exception.Message);
        Assert.Contains("MaxRetiredServices", exception.Message);
    }

    [Fact]
    public void A_store_takes_as_many_buckets_as_the_options_allow()
    {
        var fixture = new RedFixture(new() { DurationBuckets = [.. Enumerable.Range(0, RedOptions.MaxBuckets).Select(i => (double)i)] });

        fixture.Register().Get("/", seconds: 1000);

        Assert.Equal(1, Assert.Single(fixture.Read()).Buckets[RedOptions.MaxBuckets]);
    }

    private static List<string> Errors(RedOptions options)
    {
        var errors = new List<string>();
        options.Validate("metrics", errors);
        return errors;
    }
}
