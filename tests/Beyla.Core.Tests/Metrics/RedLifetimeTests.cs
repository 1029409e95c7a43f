namespace Beyla.Core.Tests.Metrics;

public sealed class RedLifetimeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_series_disappears_when_it_was_idle_for_longer_than_the_ttl()
    {
        var fixture = new RedFixture(new() { Ttl = 5 * Minute });
        fixture.Register().Get("/");

        fixture.Time.Advance(5 * Minute);
        Assert.Single(fixture.Read());
        fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty(fixture.Read());
    }

    [Fact]
    public void A_series_in_use_stays_and_keeps_its_start()
    {
        var fixture = new RedFixture(new() { Ttl = 5 * Minute });
        var service = fixture.Register();
        var start = fixture.Time.GetUtcNow();

        for (var i = 0; i < 10; i++)
        {
            service.Get("/");
            fixture.Time.Advance(4 * Minute);
        }

        var point = Assert.Single(fixture.Read());
        Assert.Equal(10, point.Count);
        Assert.Equal(start, point.Start);
        Assert.Equal(start + (36 * Minute), point.Last);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_series_that_comes_back_starts_anew(bool sweptBefore)
    {
        var fixture = new RedFixture(new() { Ttl = 5 * Minute });
        var service = fixture.Register();
        service.Get("/");
        service.Get("/");
        fixture.Time.Advance(6 * Minute);
        if (sweptBefore)
        {
            fixture.Store.Sweep();
        }

        service.Get("/", seconds: 3);

        var point = Assert.Single(fixture.Read());
        Assert.Equal(1, point.Count);
        Assert.Equal(3, point.Sum);
        Assert.Equal(1, point.Buckets.Sum());
        Assert.Equal(fixture.Time.GetUtcNow(), point.Start);
    }

    [Fact]
    public void A_ttl_of_zero_keeps_series_for_ever()
    {
        var fixture = new RedFixture(new() { Ttl = TimeSpan.Zero });
        fixture.Register().Get("/");

        fixture.Time.Advance(TimeSpan.FromDays(400));
        fixture.Store.Sweep();

        Assert.Single(fixture.Read());
    }

    [Fact]
    public void Recording_gives_room_back_that_expired_series_took()
    {
        var fixture = new RedFixture(new() { Ttl = 5 * Minute, MaxSeriesPerService = 1 });
        var service = fixture.Register();
        service.Get("/a");
        fixture.Time.Advance(6 * Minute);

        service.Get("/b");

        Assert.Equal("/b", Assert.Single(fixture.Read()).Values[2]);
        Assert.Equal(0, fixture.Store.OverflowedRecords);
    }

    [Fact]
    public void A_retired_service_stays_for_the_grace_and_takes_late_exchanges()
    {
        var fixture = new RedFixture(new() { RetiredGrace = 2 * Minute });
        var service = fixture.Register();
        service.Get("/");
        fixture.Store.Retire(service);

        fixture.Time.Advance(Minute);
        service.Get("/");

        Assert.Equal(2, Assert.Single(fixture.Read()).Count);
        Assert.False(Assert.Single(fixture.Store.Snapshot().Services).IsAlive);
        fixture.Time.Advance(Minute);
        Assert.Empty(fixture.Store.Snapshot().Services);
    }

    [Fact]
    public void An_exchange_after_the_grace_is_rejected_and_counted()
    {
        var fixture = new RedFixture(new() { RetiredGrace = TimeSpan.Zero });
        var service = fixture.Register();
        fixture.Store.Retire(service);

        service.Get("/");

        Assert.Empty(fixture.Store.Snapshot().Services);
        Assert.Equal(1, fixture.Store.RejectedRecords);
    }

    [Fact]
    public void A_service_that_comes_back_after_the_grace_is_a_new_one()
    {
        var fixture = new RedFixture(new() { RetiredGrace = Minute });
        var service = fixture.Register();
        service.Get("/");
        fixture.Store.Retire(service);
        fixture.Time.Advance(2 * Minute);

        fixture.Register().Get("/");

        var point = Assert.Single(fixture.Read());
        Assert.Equal(1, point.Count);
        Assert.Equal(fixture.Time.GetUtcNow(), point.Start);
    }

    [Fact]
    public void A_service_that_comes_back_within_the_grace_goes_on_counting_and_is_not_removed()
    {
        var fixture = new RedFixture(new() { RetiredGrace = 3 * Minute });
        var service = fixture.Register();
        service.Get("/");
        fixture.Store.Retire(service);
        fixture.Time.Advance(Minute);

        fixture.Register().Get("/");
        fixture.Time.Advance(3 * Minute);

        Assert.True(Assert.Single(fixture.Store.Snapshot().Services).IsAlive);
        Assert.Equal(2, Assert.Single(fixture.Read()).Count);
    }

    [Fact]
    public void Processes_of_one_instance_are_one_service_until_the_last_is_gone()
    {
        var fixture = new RedFixture();
        var first = fixture.Register();
        var second = fixture.Register();
        first.Get("/");
        second.Get("/");

        fixture.Store.Retire(first);
        Assert.Equal(2, Assert.Single(fixture.Read()).Count);
        Assert.True(Assert.Single(fixture.Store.Snapshot().Services).IsAlive);

        fixture.Store.Retire(second);
        Assert.False(Assert.Single(fixture.Store.Snapshot().Services).IsAlive);
        Assert.Throws<InvalidOperationException>(() => fixture.Store.Retire(second));
    }

    [Fact]
    public void Under_churn_the_longest_gone_services_go_first()
    {
        var fixture = new RedFixture(new() { MaxRetiredServices = 2 });
        for (var i = 0; i < 4; i++)
        {
            fixture.Store.Retire(fixture.Register(instance: $"host:{i}"));
        }

        Assert.Equal(["host:2", "host:3"], fixture.Store.Snapshot().Services.Select(service => service.Service.InstanceId));
    }
}
