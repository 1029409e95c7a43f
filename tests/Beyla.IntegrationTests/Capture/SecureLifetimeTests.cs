using System.Globalization;
using Beyla.Capture;
using Beyla.Capture.Uprobes;
using Beyla.Discovery;
using Beyla.Discovery.Proc;
using Beyla.Discovery.Selection;
using Beyla.Discovery.Services;
using Beyla.IntegrationTests.Fleet;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Probes come and go in the middle of calls, and whom they observe does not notice.</summary>
[Trait("kind", "capture")]
public sealed class SecureLifetimeTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public Task An_agent_that_is_killed_harms_no_request_to_nginx() => SurvivesKillAsync(Servers.Nginx.Secure);

    [Fact]
    public Task An_agent_that_is_killed_harms_no_request_to_Kestrel() => SurvivesKillAsync(Servers.Kestrel.Secure);

    [Fact]
    public Task An_agent_that_is_killed_harms_no_request_to_Node() => SurvivesKillAsync(Servers.Node.Secure);

    [Fact]
    public Task An_agent_that_is_killed_harms_no_request_to_Go() => SurvivesKillAsync(Servers.Go.Secure);

    [Fact]
    public Task An_agent_that_is_killed_harms_no_request_to_Python() => SurvivesKillAsync(Servers.Python.Secure);

    [Fact]
    public Task Probes_in_OpenSSL_come_and_go_under_load() => ComeAndGoAsync(Servers.Nginx.Secure, UprobeMode.Multi, cycles: 30);

    [Fact]
    public Task Sessions_in_OpenSSL_come_and_go_under_load() => ComeAndGoAsync(Servers.Nginx.Secure, UprobeMode.Session, cycles: 100);

    [Fact]
    public Task Probes_in_OpenSSL_come_and_go_one_by_one_under_load() =>
        // Each link is a round through the kernel, both ways.
        ComeAndGoAsync(Servers.Nginx.Secure, UprobeMode.Single, cycles: 2);

    [Fact]
    public Task Probes_in_Go_come_and_go_under_load() => ComeAndGoAsync(Servers.Go.Secure, UprobeMode.Session, cycles: 30);

    [Fact]
    public Task Probes_in_an_executable_with_OpenSSL_come_and_go_under_load() => ComeAndGoAsync(Servers.Node.Secure, UprobeMode.Session, cycles: 30);

    private static async Task SurvivesKillAsync(ServerKind kind)
    {
        Root.Require();
        await using var server = await FleetServer.StartAsync(kind, Cancellation);
        await using var traffic = Traffic.SecurelyTo(server.Endpoint);
        await using var agent = await AgentProcess.StartAsync("--open-port", server.Endpoint.Port.ToString(CultureInfo.InvariantCulture));
        await Poll.UntilAsync(() => agent.Output.Contains("/traffic", StringComparison.Ordinal), () => agent.Output, Cancellation);
        await traffic.ProceedAsync(50, Cancellation);
        var held = KernelObjects.HeldBy(agent.Id);
        agent.Kill();
        await agent.WaitForExitAsync(Cancellation);
        await traffic.ProceedAsync(50, Cancellation);
        await Poll.UntilAsync(() => !held.Any(KernelObjects.Exists), () => $"still there: {string.Join(", ", held.Where(KernelObjects.Exists))}", Cancellation);
        await traffic.ProceedAsync(50, Cancellation);
        await traffic.StopAsync();
    }

    private static async Task ComeAndGoAsync(ServerKind kind, UprobeMode mode, int cycles)
    {
        Root.Require();
        await using var server = await FleetServer.StartAsync(kind, Cancellation);
        await using var traffic = Traffic.SecurelyTo(server.Endpoint);
        var discovery = new DiscoveryOptions { Selectors = { new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) } } };
        using var capture = new KernelCapture(new CaptureOptions { UprobeMode = mode }, discovery, NullLogger.Instance);
        var files = new ProcFs();
        capture.Start(new SelectorSet(discovery, Environment.ProcessId, new ProcessDetails(files)));
        capture.Watch(server.Process.Id);
        var attacher = capture.CreateAttacher();
        var code = new TlsCodeFinder(files).Find(server.Process.Id);
        Assert.Contains("is covered", code.Explanation, StringComparison.Ordinal);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var links = code.Targets.SelectMany(target => attacher.Attach(target.Path, target.Code.Layout, target.Code.Sites)).ToArray();
            Assert.NotEmpty(links);
            // Of four connections under way at least one, with five requests, ends meanwhile.
            await traffic.ProceedAsync(1, Cancellation);
            foreach (var link in links)
            {
                link.Dispose();
            }
        }

        Assert.Equal(mode, attacher.Mode);
        await traffic.StopAsync();
    }
}
