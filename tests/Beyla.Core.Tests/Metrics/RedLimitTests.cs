namespace Beyla.Core.Tests.Metrics;

public sealed class RedLimitTests
{
    [Fact]
    public void What_exceeds_the_limit_shares_one_overflow_series()
    {
        var fixture = new RedFixture(new() { MaxSeriesPerService = 2 });
        var service = fixture.Register();

        for (var i = 0; i < 5; i++)
        {
            service.Get($"/{i}");
        }

        service.Get("/1");
        var points = fixture.Read();
        Assert.Equal([1L, 2L, 3L], points.Select(point => point.Count));
        Assert.Equal([false, false, true], points.Select(point => point.IsOverflow));
        Assert.All(points[2].Values, Assert.Null);
        Assert.Equal(3, fixture.Store.OverflowedRecords);
    }

    [Fact]
    public void The_limit_is_for_each_service()
    {
        var fixture = new RedFixture(new() { MaxSeriesPerService = 1 });

        fixture.Register(instance: "host:1").Get("/a");
        fixture.Register(instance: "host:2").Get("/b");

        Assert.All(fixture.Read(), point => Assert.False(point.IsOverflow));
        Assert.Equal(0, fixture.Store.OverflowedRecords);
    }

    [Fact]
    public void The_overflow_series_expires_and_starts_anew_like_any_other()
    {
        var fixture = new RedFixture(new() { MaxSeriesPerService = 1, Ttl = TimeSpan.FromMinutes(5) });
        var service = fixture.Register();
        service.Get("/a");
        service.Get("/b");
        service.Get("/b");
        for (var i = 0; i < 3; i++)
        {
            fixture.Time.Advance(TimeSpan.FromMinutes(2));
            service.Get("/a");
        }

        Assert.False(Assert.Single(fixture.Read()).IsOverflow);
        service.Get("/c");
        var overflow = Assert.Single(fixture.Read(), point => point.IsOverflow);
        Assert.Equal(1, overflow.Count);
        Assert.Equal(fixture.Time.GetUtcNow(), overflow.Start);
    }
}
