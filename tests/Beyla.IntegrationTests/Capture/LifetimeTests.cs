using System.Globalization;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Capture;

/// <summary>However a session ends, nothing of it is left, and whom it observed does not notice.</summary>
[Trait("kind", "capture")]
public sealed class LifetimeTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_leaves_no_program_no_map_and_no_link()
    {
        IReadOnlySet<(string Kind, uint Id)> held;
        await using (await Observer.OfPortAsync(1, output, Cancellation))
        {
            held = KernelObjects.HeldBy(Environment.ProcessId);
            Assert.All(held, static item => Assert.True(KernelObjects.Exists(item)));
            Assert.Superset(new HashSet<string> { "prog_id", "map_id", "link_id" }, held.Select(static item => item.Kind).ToHashSet());
        }

        Assert.Empty(KernelObjects.HeldBy(Environment.ProcessId));
        await ExpectGoneAsync(held);
    }

    [Fact]
    public async Task A_stopped_session_has_taken_its_hooks_out()
    {
        await using var observer = await Observer.OfPortAsync(1, output, Cancellation);
        HashSet<(string Kind, uint Id)> links = [.. KernelObjects.HeldBy(Environment.ProcessId).Where(static item => item.Kind == "link_id")];
        Assert.NotEmpty(links);
        await observer.Session.StopAsync(Cancellation);
        await ExpectGoneAsync(links);
    }

    [Fact]
    public async Task Starting_and_stopping_again_and_again_costs_no_descriptor_and_no_thread()
    {
        await CycleAsync();
        var descriptors = Descriptors();
        for (var i = 0; i < 20; i++)
        {
            await CycleAsync();
        }

        await Poll.UntilAsync(() => Descriptors().Count <= descriptors.Count, () => $"{Describe(Descriptors())} after {Describe(descriptors)}", Cancellation);
        Assert.DoesNotContain("beyla-reader", Directory.GetDirectories("/proc/self/task").Select(static task => NameOf(task)));

        async Task CycleAsync()
        {
            await using var observer = await Observer.OfPortAsync(1, output, Cancellation);
        }
    }

    [Fact]
    public async Task A_start_that_is_given_up_leaves_nothing()
    {
        Root.Require();
        var givenUp = 0;
        foreach (var milliseconds in (int[])[0, 1, 5, 20, 50, 100, 200])
        {
            using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(milliseconds));
            await using var session = InstrumentationSession.CreateBuilder().Build();
            try
            {
                await session.StartAsync(giveUp.Token);
            }
            catch (OperationCanceledException)
            {
                givenUp++;
            }
        }

        output.WriteLine($"{givenUp} given up");
        Assert.NotEqual(0, givenUp);
        Assert.Empty(KernelObjects.HeldBy(Environment.ProcessId));
    }

    [Fact]
    public async Task A_session_is_started_once()
    {
        var observer = await Observer.OfPortAsync(1, output, Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => observer.Session.StartAsync(Cancellation));
        Assert.Equal(SessionState.Running, observer.Session.State);
        await observer.DisposeAsync();
        Assert.Equal(SessionState.Stopped, observer.Session.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => observer.Session.StartAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => observer.Session.AttachAsync(Environment.ProcessId, Cancellation));
    }

    [Fact]
    public async Task Two_sessions_see_the_same_and_end_each_for_itself()
    {
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var second = await Observer.OfPortAsync(server.Port, output, Cancellation);
        IReadOnlyList<HttpSpan> ofFirst;
        await using (var first = await Observer.OfPortAsync(server.Port, output, Cancellation))
        {
            for (var i = 0; i < 50; i++)
            {
                await Requests.GetAsync(server.Port, string.Create(CultureInfo.InvariantCulture, $"/{i}"), Cancellation);
            }

            ofFirst = await first.SpansOfAsync(server.Port, 50, Cancellation);
        }

        await Requests.GetAsync(server.Port, "/alone", Cancellation);
        var ofSecond = await second.SpansOfAsync(server.Port, 51, Cancellation);
        Assert.Equal(50, ofFirst.Count);
        Assert.Equal([.. ofFirst.Select(Content), "/alone 200 GET"], ofSecond.Select(Content));
    }

    [Fact]
    public async Task An_agent_that_is_killed_under_load_leaves_nothing_and_harms_nobody()
    {
        Root.Require();
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var traffic = Traffic.To(server.Port, connections: 4);
        await using var agent = await AgentProcess.StartAsync("--open-port", server.Port.ToString(CultureInfo.InvariantCulture));
        await Poll.UntilAsync(() => agent.Output.Contains("/traffic", StringComparison.Ordinal), () => agent.Output, Cancellation);
        var held = KernelObjects.HeldBy(agent.Id);
        Assert.Contains(held, static item => item.Kind == "prog_id" && KernelObjects.Exists(item));
        await traffic.ProceedAsync(50, Cancellation);
        agent.Kill();
        await agent.WaitForExitAsync(Cancellation);
        await ExpectGoneAsync(held);
        await traffic.ProceedAsync(50, Cancellation);
        await traffic.StopAsync();
    }

    [Fact]
    public async Task An_agent_without_rights_says_which_it_lacks()
    {
        Root.Require();
        await using var agent = await AgentProcess.StartAsNobodyAsync("--open-port", "1");
        Assert.Equal(1, await agent.WaitForExitAsync(Cancellation));
        output.WriteLine(agent.Output);
        Assert.Contains("CAP_BPF", agent.Output, StringComparison.Ordinal);
        Assert.Contains("root", agent.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_rights_suffice_to_see_another_users_server()
    {
        Root.Require();
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var agent = await AgentProcess.StartWithRightsAsync(
            ",+bpf,+perfmon,+sys_ptrace,+dac_read_search", "--open-port", server.Port.ToString(CultureInfo.InvariantCulture));
        await using var traffic = Traffic.To(server.Port, connections: 1);
        await Poll.UntilAsync(() => agent.Output.Contains("/traffic", StringComparison.Ordinal), () => agent.Output, Cancellation);
        await traffic.StopAsync();
    }

    [Fact]
    public async Task An_agent_that_may_not_look_into_other_users_processes_says_so()
    {
        Root.Require();
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var agent = await AgentProcess.StartWithRightsAsync(
            ",+bpf,+perfmon,+sys_ptrace", "--open-port", server.Port.ToString(CultureInfo.InvariantCulture), "--duration", "2s");
        Assert.Equal(0, await agent.WaitForExitAsync(Cancellation));
        output.WriteLine(agent.Output);
        Assert.Contains("CAP_DAC_READ_SEARCH is missing", agent.Output, StringComparison.Ordinal);
        Assert.Matches("Not all was seen: [0-9]+ times the open files", agent.Output);
    }

    /// <summary>The kernel frees what nobody holds any more some time later, when no CPU can be inside a program.</summary>
    private static Task ExpectGoneAsync(IReadOnlySet<(string Kind, uint Id)> items) => Poll.UntilAsync(
        () => !items.Any(KernelObjects.Exists), () => $"still there: {string.Join(", ", items.Where(KernelObjects.Exists))}", Cancellation);

    /// <summary>What the descriptors of this process refer to, but for assemblies and their symbols: the runtime keeps those open that it has needed once.</summary>
    private static List<string> Descriptors() =>
        [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(static entry => TargetOf(entry)).Where(static target => !target.EndsWith(".dll", StringComparison.Ordinal) && !target.EndsWith(".pdb", StringComparison.Ordinal))];

    private static string TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget?.Split(":[")[0] ?? "";
        }
        catch (IOException)
        {
            // That of the listing itself is closed by now.
            return "";
        }
    }

    private static string Describe(List<string> descriptors) =>
        string.Join(", ", descriptors.CountBy(static kind => kind).Select(static kind => $"{kind.Value} {kind.Key}").Order());

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Content(HttpSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.Path} {span.StatusCode} {span.Method}");
}
