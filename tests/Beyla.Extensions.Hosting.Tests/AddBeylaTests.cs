using System.Globalization;
using Beyla.Sinks;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Beyla.Extensions.Hosting.Tests;

public sealed class AddBeylaTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_session_lives_as_long_as_the_host()
    {
        var session = new FakeSession();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IInstrumentationSession>(_ => session);
        builder.Services.AddBeyla(options => options.SinkBatchSize = 7);
        using (var host = builder.Build())
        {
            await host.StartAsync(Cancellation);
            Assert.Equal(["start"], session.Diary);
            await host.StopAsync(Cancellation);
            Assert.Equal(["start", "stop"], session.Diary);
        }

        Assert.Equal(["start", "stop", "dispose"], session.Diary);
    }

    [Fact]
    public async Task A_session_that_cannot_start_keeps_the_host_from_starting()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IInstrumentationSession>(new FakeSession { StartFailure = new BeylaStartException("not root") });
        builder.Services.AddBeyla();
        using var host = builder.Build();
        var failure = await Assert.ThrowsAsync<BeylaStartException>(() => host.StartAsync(Cancellation));
        Assert.Equal("not root", failure.Message);
    }

    [Fact]
    public async Task Wrong_options_keep_the_host_from_starting_with_all_errors()
    {
        var session = new FakeSession();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IInstrumentationSession>(session);
        builder.Services.AddBeyla(options =>
        {
            options.SinkBatchSize = 0;
            options.ShutdownTimeout = TimeSpan.FromSeconds(-1);
        });
        using var host = builder.Build();
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
        Assert.Equal(2, failure.Failures.Count());
        Assert.Empty(session.Diary);
    }

    [Fact]
    public async Task Adding_twice_gives_one_session_with_both_configurations()
    {
        var session = new FakeSession();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IInstrumentationSession>(session);
        builder.Services.AddBeyla(options => options.SinkBatchSize = 7);
        builder.Services.AddBeyla(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        Assert.Equal(["start"], session.Diary);
        var options = host.Services.GetRequiredService<IOptions<BeylaOptions>>().Value;
        Assert.Equal((7, TimeSpan.FromSeconds(1)), (options.SinkBatchSize, options.ShutdownTimeout));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Options_may_come_from_what_the_container_knows()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Beyla:BatchSize", "7")]);
        builder.Services.AddSingleton<IInstrumentationSession>(new FakeSession());
        builder.Services.AddBeyla();
        builder.Services.AddOptions<BeylaOptions>().Configure<IConfiguration>((options, configuration) => options.SinkBatchSize = int.Parse(configuration["Beyla:BatchSize"]!, CultureInfo.InvariantCulture));
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        Assert.Equal(7, host.Services.GetRequiredService<IOptions<BeylaOptions>>().Value.SinkBatchSize);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_named_session_starts_beside_the_default_one()
    {
        var (plain, named) = (new FakeSession(), new FakeSession());
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IInstrumentationSession>(plain);
        builder.Services.AddKeyedSingleton<IInstrumentationSession>("second", named);
        builder.Services.AddBeyla();
        builder.Services.AddBeyla("second", options => options.SinkBatchSize = 7);
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        await host.StopAsync(Cancellation);
        Assert.Equal(["start", "stop"], plain.Diary);
        Assert.Equal(["start", "stop"], named.Diary);
        var options = host.Services.GetRequiredService<IOptionsMonitor<BeylaOptions>>();
        Assert.Equal(7, options.Get("second").SinkBatchSize);
        Assert.NotEqual(7, options.CurrentValue.SinkBatchSize);
    }

    [Fact]
    public async Task A_real_session_is_built_with_the_sinks_of_the_container()
    {
        var services = new ServiceCollection();
        services.AddSingleton<Dependency>();
        services.AddBeyla()
            .AddSink<CountingSink>()
            .AddSink<CountingSink>()
            .AddSink(new CallbackSpanSink(_ => { }))
            .AddSink(provider => new CountingSink(provider.GetRequiredService<Dependency>()));
        services.AddBeyla("second", _ => { }).AddSink(new ChannelSpanSink());
        await using var provider = services.BuildServiceProvider();

        var session = provider.GetRequiredService<IInstrumentationSession>();
        Assert.Equal(SessionState.Created, session.State);
        Assert.Equal(3, session.GetStatistics().Sinks.Length);
        Assert.Same(session, provider.GetRequiredService<IInstrumentationSession>());

        var second = provider.GetRequiredKeyedService<IInstrumentationSession>("second");
        Assert.NotSame(session, second);
        Assert.Contains(nameof(ChannelSpanSink), Assert.Single(second.GetStatistics().Sinks).Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_needs_a_name_that_is_one() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddBeyla("", _ => { }));

    private sealed class Dependency;

    private sealed class CountingSink(Dependency dependency) : ISpanSink
    {
        internal Dependency Dependency { get; } = dependency;

        public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
