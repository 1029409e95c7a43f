using Beyla.Sinks;
using Microsoft.Extensions.DependencyInjection;

namespace Beyla.Extensions.Hosting.Tests;

public sealed class ChannelTests
{
    [Fact]
    public async Task Consumers_get_the_channel_of_their_session_from_the_container()
    {
        var services = new ServiceCollection();
        services.AddBeyla().AddChannel(capacity: 7).AddChannel();
        services.AddBeyla("second", _ => { }).AddChannel();
        await using var provider = services.BuildServiceProvider();
        var channel = provider.GetRequiredService<ChannelSpanSink>();
        var second = provider.GetRequiredKeyedService<ChannelSpanSink>("second");
        Assert.NotSame(channel, second);
        Assert.Same(channel, Assert.Single(provider.GetServices<ISpanSink>()));
        Assert.Same(second, Assert.Single(provider.GetKeyedServices<ISpanSink>("second")));
    }

    [Fact]
    public async Task A_session_that_is_built_by_hand_has_as_many_channels_as_asked_for()
    {
        await using var session = InstrumentationSession.CreateBuilder().AddChannel(out var one).AddChannel(out var two, capacity: 7).Build();
        Assert.Equal(["spans", "spans#2"], [one.Name, two.Name]);
        Assert.Equal(2, session.GetStatistics().Sinks.Length);
    }

    [Fact]
    public void A_channel_needs_room() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddBeyla().AddChannel(capacity: 0));
}
