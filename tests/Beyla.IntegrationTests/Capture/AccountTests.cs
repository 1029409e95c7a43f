using System.Globalization;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.Protocols.Http;
using Beyla.Sinks;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Every exchange and every span is accounted for, also when more comes than can be taken.</summary>
[Trait("kind", "capture")]
public sealed class AccountTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Captured_exchanges_are_exported_filtered_or_dropped()
    {
        await using var server = await FleetServer.StartAsync(Servers.C, Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
            options.Routes.IgnoredPatterns.Add("/user/*");
        }, output, Cancellation);
        var run = await server.PlayAsync(LoadMix.Build(server.Kind.Profile), Cancellation);
        await observer.Session.StopAsync(Cancellation);

        var statistics = observer.Session.GetStatistics();
        output.WriteLine(observer.Describe());
        Assert.Equal(statistics.Captured, statistics.Exported + statistics.Filtered + statistics.Sampled + statistics.Dropped);
        Assert.Equal(statistics.Exported, observer.Spans.Count);
        Assert.InRange(statistics.Filtered, 1, run.Expected.Count(static r => r.Path.StartsWith("/user/", StringComparison.Ordinal)));
        Assert.DoesNotContain(observer.Spans, static span => span.Path!.StartsWith("/user/", StringComparison.Ordinal));
        Assert.Equal(statistics.Exported, RequestCount.Of(observer.Session.Metrics));
        ExpectBalanced(Assert.Single(statistics.Sinks));
    }

    [Fact]
    public async Task Ignored_routes_are_filtered_and_counted()
    {
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Port) });
            options.Routes.IgnoredPatterns.Add("/health");
            options.Routes.IgnoredPatterns.Add("/internal/:name");
        }, output, Cancellation);
        foreach (var path in (string[])["/health", "/internal/a", "/orders", "/internal/b?x=/orders", "/health"])
        {
            await Requests.GetAsync(server.Port, path, Cancellation);
        }

        Assert.Equal("/orders", Assert.Single(await observer.SpansOfAsync(server.Port, 1, Cancellation)).Path);
        var statistics = observer.Session.GetStatistics();
        Assert.Equal((5, 1, 4, 0), (statistics.Captured, statistics.Exported, statistics.Filtered, statistics.Dropped));
        Assert.Equal(1, RequestCount.Of(observer.Session.Metrics));
    }

    [Fact]
    public async Task An_exchange_of_a_process_that_was_detached_meanwhile_is_counted_as_dropped()
    {
        await using var server = await OddServer.StartAsync("mute", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        using (var connection = await Requests.ConnectAsync(server.Endpoint, Cancellation))
        {
            await connection.SendAsync("GET /detached HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
            await Poll.UntilAsync(() => server.Process.Output.Contains("done", StringComparison.Ordinal), () => "not read", Cancellation);
            await observer.Session.DetachAsync(server.Process.Id, Cancellation);
        }

        await Poll.UntilAsync(() => observer.Session.GetStatistics().Captured == 1, observer.Describe, Cancellation);
        await observer.Session.StopAsync(Cancellation);
        Assert.Equal([new SessionDrop("unknown_process", 1)], observer.Session.GetStatistics().Drops);
        Assert.Equal(0, observer.Session.GetStatistics().Exported);
        Assert.Empty(observer.Spans);
    }

    [Fact]
    public async Task Overload_is_counted_and_harms_neither_the_server_nor_what_comes_later()
    {
        await using var server = await NamedServer.StartAsync("overloaded", Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Port) });
            options.Capture.RingBufferBytes = 65536;
            options.Capture.PollInterval = TimeSpan.FromSeconds(1);
        }, output, Cancellation);
        await using var traffic = Traffic.To(server.Port, connections: 4);
        await traffic.ProceedAsync(3000, Cancellation);
        await traffic.StopAsync();
        var requests = traffic.Answered;
        var last = await SeesAgainAsync(observer, server.Port);
        await observer.Session.StopAsync(Cancellation);

        var statistics = observer.Session.GetStatistics();
        output.WriteLine($"{requests} requests; {observer.Describe()}");
        var spans = observer.Spans.Where(static span => span.Path == "/traffic").ToArray();
        var ringFull = statistics.Losses.Single(static loss => loss.Reason == "ring_full").Count;
        Assert.Equal(statistics.Captured, statistics.Exported + statistics.Filtered + statistics.Dropped);
        Assert.Equal(statistics.Exported, observer.Spans.Count);
        Assert.InRange(spans.Length, 1, requests - 1);
        // A request without a span has lost one record at least, and what a span says is true all the same.
        Assert.InRange(requests - spans.Length, 1, ringFull);
        Assert.All(spans, static span => Assert.True(span.StatusCode is 200 or null && span.ResponseBodySize is 0 or null, $"{span.StatusCode} {span.ResponseBodySize} {span.End}"));
        Assert.Equal(200, last.StatusCode);
    }

    [Fact]
    public async Task A_sink_that_blocks_costs_its_own_spans_only()
    {
        const int Asked = 800;
        Root.Require();
        await using var server = await NamedServer.StartAsync("sinks", Cancellation);
        var taken = 0;
        var session = InstrumentationSession.CreateBuilder()
            .Configure(options =>
            {
                options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Port) });
                options.SinkQueueCapacity = 300;
                options.SinkBatchSize = 10;
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(200);
            })
            .AddSink(new CallbackSpanSink(static async (_, cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken)))
            .AddSink(new CallbackSpanSink(_ => Interlocked.Increment(ref taken)))
            .Build();
        await using (session)
        {
            await session.StartAsync(Cancellation);
            for (var i = 0; i < Asked; i++)
            {
                await Requests.GetAsync(server.Port, "/sinks", Cancellation);
            }

            await Poll.UntilAsync(() => Volatile.Read(ref taken) == Asked, () => $"{taken} taken, {session.GetStatistics()}", Cancellation);
            var blocked = session.GetStatistics().Sinks[0];
            Assert.Equal((Asked, 0, 0), (blocked.Received, blocked.Exported, blocked.Failed));
            // At most one batch is with the sink.
            Assert.InRange(blocked.Dropped, Asked - 300 - 10, Asked - 300 - 1);
            await session.StopAsync(Cancellation);
        }

        await Poll.UntilAsync(() => session.GetStatistics().Sinks[0].Queued == 0, () => session.GetStatistics().Sinks[0].ToString(), Cancellation);
        var sinks = session.GetStatistics().Sinks;
        Assert.Equal((Asked, 0, Asked), (sinks[0].Received, sinks[0].Exported, sinks[0].Dropped + sinks[0].Failed));
        Assert.Equal((Asked, Asked, 0, 0), (sinks[1].Received, sinks[1].Exported, sinks[1].Dropped, sinks[1].Failed));
    }

    /// <summary>Asks until an answer has come through the ring again.</summary>
    private static async Task<HttpSpan> SeesAgainAsync(Observer observer, int port)
    {
        for (var i = 0; ; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/again/{i}");
            await Requests.GetAsync(port, path, Cancellation);
            try
            {
                return await observer.WaitForSpanAsync(span => span.Path == path, Cancellation);
            }
            catch (TimeoutException) when (i == 0)
            {
                // The ring was still full of the load.
            }
        }
    }

    private static void ExpectBalanced(SinkStatistics sink)
    {
        Assert.Equal(0, sink.Queued);
        Assert.Equal(sink.Received, sink.Exported + sink.Dropped + sink.Failed);
    }
}
