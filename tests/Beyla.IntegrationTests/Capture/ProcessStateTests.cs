using System.Globalization;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Attaching, detaching, ending, and what a session says about it.</summary>
[Trait("kind", "capture")]
public sealed class ProcessStateTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_is_attached_and_detached_under_load_without_a_failed_request()
    {
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.StartAsync(static _ => { }, output, Cancellation);
        await using var traffic = Traffic.To(server.Port);
        await traffic.ProceedAsync(20, Cancellation);
        Assert.Empty(observer.Spans);
        for (var round = 0; round < 3; round++)
        {
            var attached = await observer.Session.AttachAsync(server.Process.Id, Cancellation);
            Assert.True(attached.State is ProcessState.Attached or ProcessState.Active, attached.Explanation);
            var before = observer.Spans.Count;
            var answered = traffic.Answered;
            await traffic.ProceedAsync(50, Cancellation);
            await Poll.UntilAsync(() => observer.Spans.Count - before >= traffic.Answered - answered - 4, observer.Describe, Cancellation);

            var detached = await observer.Session.DetachAsync(server.Process.Id, Cancellation);
            Assert.Equal((ProcessState.Skipped, ProcessReason.Detached), (detached.State, detached.Reason));
            // What was in the ring before the detachment is on its way to the sink.
            await traffic.ProceedAsync(20, Cancellation);
            var atRest = observer.Spans.Count;
            await traffic.ProceedAsync(50, Cancellation);
            Assert.Equal(atRest, observer.Spans.Count);
        }

        await traffic.StopAsync();
        await observer.Session.StopAsync(Cancellation);
        Assert.All(observer.Spans, static span => Assert.Equal(("/traffic", 200), (span.Path, span.StatusCode)));
    }

    [Fact]
    public async Task Detaching_beats_the_selector_until_the_process_is_attached_again()
    {
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        await observer.Session.DetachAsync(server.Process.Id, Cancellation);
        await Requests.GetAsync(server.Port, "/unseen", Cancellation);
        Assert.Equal(ProcessReason.Detached, (await observer.Session.ExplainAsync(server.Process.Id, Cancellation)).Reason);

        await observer.Session.AttachAsync(server.Process.Id, Cancellation);
        await Requests.GetAsync(server.Port, "/seen", Cancellation);
        Assert.Equal("/seen", Assert.Single(await observer.SpansOfAsync(server.Port, 1, Cancellation)).Path);
    }

    [Fact]
    public async Task The_reason_is_told_for_every_process()
    {
        var port = LocalPort.Free();
        await using var attached = await NamedServer.LaunchAsync("orders-api", port, Cancellation);
        await attached.Process.WaitForPortAsync(port, TimeSpan.FromSeconds(60), Cancellation);
        await using var elsewhere = await NamedServer.StartAsync("orders-api", Cancellation);
        await using var other = await OddServer.StartAsync("plain", Cancellation);
        await using var excluded = await NamedServer.StartAsync("orders-api-shadow", Cancellation);
        await using var collector = await NamedServer.StartAsync("otelcol-contrib", Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { ExecutableName = "orders-api$", OpenPorts = PortSet.Of(port) });
            options.Discovery.Exclusions.Add(new ProcessSelector { ExecutableName = "shadow$" });
        }, output, Cancellation);

        await ExplainsAsync(attached.Process.Id, ProcessState.Attached, ProcessReason.None, "orders-api");
        await Requests.GetAsync(port, "/", Cancellation);
        await observer.WaitForSpanAsync(static _ => true, Cancellation);
        await ExplainsAsync(attached.Process.Id, ProcessState.Active, ProcessReason.None, "orders-api");
        await ExplainsAsync(elsewhere.Process.Id, ProcessState.Discovered, ProcessReason.NotListening, port.ToString(CultureInfo.InvariantCulture));
        await ExplainsAsync(other.Process.Id, ProcessState.Skipped, ProcessReason.NotSelected, "python");
        await ExplainsAsync(excluded.Process.Id, ProcessState.Skipped, ProcessReason.Excluded, "exclusion");
        await ExplainsAsync(collector.Process.Id, ProcessState.Skipped, ProcessReason.ExcludedByDefault, "telemetry agent");
        await ExplainsAsync(Environment.ProcessId, ProcessState.Skipped, ProcessReason.SelfExcluded, nameof(DiscoveryOptions.InstrumentSelf));
        await ExplainsAsync(1, ProcessState.Skipped, ProcessReason.IsInit, "process 1");
        await ExplainsAsync(2, ProcessState.Skipped, ProcessReason.KernelThread, "kernel");
        await ExplainsAsync(int.MaxValue, ProcessState.Skipped, ProcessReason.Gone, "no such process");

        async Task ExplainsAsync(int process, ProcessState state, ProcessReason reason, string word)
        {
            var explained = await observer.Session.ExplainAsync(process, Cancellation);
            Assert.Equal((process, state, reason), (explained.ProcessId, explained.State, explained.Reason));
            Assert.Contains(word, explained.Explanation, StringComparison.Ordinal);
            Assert.Equal(state is ProcessState.Attached or ProcessState.Active, explained.MatchedSelector is not null);
        }
    }

    [Fact]
    public async Task The_metrics_of_a_process_go_some_time_after_its_end()
    {
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { ProcessIds = { server.Process.Id } });
            options.Metrics.RetiredGrace = TimeSpan.FromSeconds(5);
        }, output, Cancellation);
        await Requests.GetAsync(server.Port, "/", Cancellation);
        await observer.WaitForSpanAsync(static _ => true, Cancellation);
        Assert.True(Assert.Single(observer.Session.Metrics.Snapshot().Services).IsAlive);

        await server.Process.StopAsync();
        await Poll.UntilAsync(
            () => observer.Session.Processes.Single().State == ProcessState.Exited, () => observer.Session.Processes.Single().ToString(), Cancellation);
        Assert.False(Assert.Single(observer.Session.Metrics.Snapshot().Services).IsAlive);
        await Poll.UntilAsync(() => observer.Session.Metrics.Snapshot().Services.IsEmpty, () => "the service is still there", Cancellation);
    }
}
