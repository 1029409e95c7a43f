using Beyla.Discovery;
using Beyla.IntegrationTests.Capture;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.Protocols.Grpc;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>Every call between real gRPC libraries is a span of both ends, once and with everything right.</summary>
[Trait("kind", "capture")]
public sealed class RpcTests(ITestOutputHelper output)
{
    private const int Workers = 16;
    private const int LateWorkers = 4;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("go", "go")]
    [InlineData("dotnet", "dotnet")]
    [InlineData("node", "node")]
    [InlineData("python", "python")]
    [InlineData("go", "python")]
    [InlineData("python", "dotnet")]
    [InlineData("dotnet", "node")]
    [InlineData("node", "go")]
    public async Task Every_call_is_seen_at_both_ends(string server, string client)
    {
        var (truth, spans) = await RunAsync(server, client, RpcPlans.Mixed, Workers);
        Expect(truth, spans);

        // The first bytes of content are copied, so messages are counted unless several share a long frame.
        Assert.InRange(spans.Count(static span => span.RequestMessages is null || span.ResponseMessages is null), 0, spans.Count / 10);
    }

    [Theory]
    [InlineData("go", "go")]
    [InlineData("dotnet", "dotnet")]
    [InlineData("node", "node")]
    [InlineData("python", "python")]
    [InlineData("go-1.19", "go-1.27-stripped")]
    [InlineData("go-1.27", "go-1.19-stripped")]
    [InlineData("go-1.19-stripped", "go-1.27")]
    [InlineData("go-1.27-stripped", "go-1.19")]
    [InlineData("python", "go")]
    [InlineData("node", "dotnet")]
    public async Task Every_secure_call_is_seen_at_both_ends(string server, string client)
    {
        var (truth, spans) = await RunAsync(server, client, RpcPlans.Mixed, Workers, isSecure: true);
        Expect(truth, spans);
        Assert.InRange(spans.Count(static span => span.RequestMessages is null || span.ResponseMessages is null), 0, spans.Count / 10);
    }

    [Theory]
    [InlineData("go-1.19", "go-1.27-stripped")]
    [InlineData("go-1.27-stripped", "go-1.19-stripped")]
    public async Task Every_call_of_a_release_of_Go_is_seen_at_both_ends(string server, string client)
    {
        var (truth, spans) = await RunAsync(server, client, RpcPlans.Mixed, Workers);
        Expect(truth, spans);
    }

    [Theory]
    [InlineData("go", "go", false)]
    [InlineData("dotnet", "dotnet", false)]
    [InlineData("node", "node", false)]
    [InlineData("python", "python", false)]
    [InlineData("go", "dotnet", true)]
    [InlineData("python", "go", true)]
    public async Task Calls_that_are_given_up_or_run_out_of_time_say_so(string server, string client, bool isSecure)
    {
        var (truth, spans) = await RunAsync(server, client, RpcPlans.CutShort, Workers, isSecure);
        Assert.Equal([0, 1, 4], truth.Select(static call => call.Status).Distinct().Order());
        Expect(truth, spans);
    }

    [Theory]
    [InlineData("go", "go")]
    [InlineData("dotnet", "dotnet")]
    [InlineData("node", "node")]
    [InlineData("python", "python")]
    public async Task Compressed_messages_are_counted(string server, string client)
    {
        var (truth, spans) = await RunAsync(server, client, RpcPlans.Compressed, workers: 4);
        Expect(truth, spans);
        Assert.Contains(spans, static span => span.RequestBytes < 1000);
        Assert.All(spans, static span => Assert.NotNull(span.RequestMessages));
    }

    [Theory]
    [InlineData("go", "go")]
    [InlineData("dotnet", "dotnet")]
    [InlineData("node", "node")]
    [InlineData("python", "python")]
    public Task Whoever_comes_later_sees_every_call_and_makes_nothing_up(string server, string client) => ComeLaterAsync(server, client, isSecure: false, mostMissing: 0);

    [Theory]
    [InlineData("go", "go")]
    [InlineData("go-1.19-stripped", "go-1.27-stripped")]
    [InlineData("dotnet", "dotnet")]
    [InlineData("node", "node")]
    [InlineData("python", "python")]
    public Task Whoever_comes_later_to_secure_calls_makes_nothing_up(string server, string client) =>
        // What a read returns that already waited is not seen: the first call of each worker may be in it.
        ComeLaterAsync(server, client, isSecure: true, mostMissing: LateWorkers);

    private async Task ComeLaterAsync(string server, string client, bool isSecure, int mostMissing)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var pair = await RpcPair.StartAsync(RpcKinds.Named(server), RpcKinds.Named(client), RpcPlans.Interrupted, LateWorkers, deadline.Token, isSecure);
        await pair.GoAsync(deadline.Token);
        var before = pair.Truth.Count;
        await using var observer = await ObserveAsync(pair, deadline.Token);
        await pair.GoAsync(deadline.Token);
        var truth = pair.Truth.Skip(before).ToArray();
        var spans = await observer.CallsAsync(2 * truth.Length, deadline.Token);
        output.WriteLine(observer.Describe());
        Assert.Equal(40, truth.Length);
        foreach (var kind in (SpanKind[])[SpanKind.Server, SpanKind.Client])
        {
            RpcSpan[] ofEnd = [.. spans.Where(span => span.Kind == kind)];
            output.WriteLine($"{kind}: {ofEnd.Count(static span => span.Method is null)} of {ofEnd.Length} without a method, {ofEnd.Count(static span => span.StatusCode is null)} without a status");
            var problems = RpcComparer.Compare(truth, ofEnd, ToMonotonic(), mayBeUnknown: true, mostMissing);
            Assert.True(problems.Length == 0, $"{kind}:\n{problems}\n{observer.Describe()}");
        }
    }

    private async Task<(IReadOnlyList<RpcTruth> Truth, IReadOnlyList<RpcSpan> Spans)> RunAsync(
        string server, string client, IReadOnlyList<RpcCall> plan, int workers, bool isSecure = false)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var pair = await RpcPair.StartAsync(RpcKinds.Named(server), RpcKinds.Named(client), plan, workers, deadline.Token, isSecure);
        await using var observer = await ObserveAsync(pair, deadline.Token);
        await pair.GoAsync(deadline.Token);
        if (plan.Any(static call => call.Gate))
        {
            // Of a connection that is younger it can't be told how long a client waited for it.
            await Task.Delay(TimeSpan.FromSeconds(1.1), deadline.Token);
            await pair.GoAsync(deadline.Token);
        }

        var spans = await observer.CallsAsync(2 * plan.Count, deadline.Token);
        output.WriteLine(observer.Describe());
        Assert.Equal(plan.Count, pair.Truth.Count);
        Assert.Empty(observer.Spans);
        Assert.All(spans, span => Assert.Equal(span.Kind == SpanKind.Server ? pair.Server.Id : pair.Client.Id, span.Service.ProcessId));
        return (pair.Truth, spans);
    }

    private void Expect(IReadOnlyList<RpcTruth> truth, IReadOnlyList<RpcSpan> spans)
    {
        foreach (var kind in (SpanKind[])[SpanKind.Server, SpanKind.Client])
        {
            var problems = RpcComparer.Compare(truth, [.. spans.Where(span => span.Kind == kind)], ToMonotonic());
            output.WriteLine($"{kind}: {(problems.Length == 0 ? "equal" : problems)}");
            Assert.True(problems.Length == 0, $"{kind}:\n{problems}");
        }
    }

    private Task<Observer> ObserveAsync(RpcPair pair, CancellationToken cancellationToken) => Observer.StartAsync(
        options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { ProcessIds = { pair.Client.Id } });
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(pair.Port) });
        },
        output,
        cancellationToken);

    private static Func<long, long> ToMonotonic()
    {
        var offset = MonotonicClock.UnixOffset();
        return unix => unix - offset;
    }
}
