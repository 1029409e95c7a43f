using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Probes cost every process that uses the library, so there are none for who does not.</summary>
[Trait("kind", "capture")]
public sealed class ProbesAheadTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_library_is_probed_for_Java() => Assert.Equal(await LinksWithAsync(null), await LinksWithAsync(Servers.Java));

    [Fact]
    public async Task The_usual_libraries_are_probed_for_who_may_load_them() => Assert.True(await LinksWithAsync(null) < await LinksWithAsync(Servers.C));

    /// <summary>How many links of the kernel a session holds that observes the server from its start on.</summary>
    private async Task<int> LinksWithAsync(ServerKind? kind)
    {
        await using var server = kind is null ? null : await FleetServer.StartAsync(kind, Cancellation);
        await using var observer = await Observer.OfPortAsync(server?.Endpoint.Port ?? 1, output, Cancellation);
        Assert.Equal(server is null ? 0 : 1, observer.Session.Processes.Count);
        return KernelObjects.HeldBy(Environment.ProcessId).Count(static item => item.Kind == "link_id");
    }
}
