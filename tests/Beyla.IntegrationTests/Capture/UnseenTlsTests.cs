using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Where nothing can be seen of TLS, that is said of the process, with the reason, and counted.</summary>
[Trait("kind", "capture")]
public sealed class UnseenTlsTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public Task Of_Java_it_is_said_that_its_own_TLS_can_not_be_probed() => SaysWhyAsync(Servers.Java.Secure, "JSSE");

    [Fact]
    public Task Of_a_stripped_executable_with_OpenSSL_it_is_said_that_it_has_no_symbols() =>
        SaysWhyAsync(Servers.Stripped(Servers.RustStaticOpenSsl), "is not covered: OpenSSL is linked into it and its symbols are stripped");

    [Fact]
    public Task Of_a_stripped_executable_with_rustls_it_is_said_that_it_has_no_symbols() =>
        SaysWhyAsync(Servers.Stripped(Servers.Rustls), "is not covered: rustls is linked into it and its symbols are stripped");

    private async Task SaysWhyAsync(ServerKind kind, string reason)
    {
        await using var server = await FleetServer.StartAsync(kind, Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Endpoint.Port, output, Cancellation);
        await using var traffic = Traffic.SecurelyTo(server.Endpoint, connections: 2);
        await traffic.ProceedAsync(20, Cancellation);
        // The process may be about to load a library that can be probed, so it is given some seconds.
        await Poll.UntilAsync(() => Process().Tls == TlsState.NotObserved, () => $"{Process()}", Cancellation);
        Assert.Contains(reason, Process().TlsExplanation, StringComparison.Ordinal);
        var before = Unseen();
        await traffic.ProceedAsync(20, Cancellation);
        await traffic.StopAsync();
        await observer.Session.StopAsync(Cancellation);
        output.WriteLine(observer.Describe());
        Assert.Empty(observer.Spans);
        // Each of them is a connection of its own.
        Assert.True(Unseen() >= before + 20, $"{before} connections were counted before 20 more, {Unseen()} after them");

        long Unseen() => observer.Session.GetStatistics().Unfollowed.Where(static drop => drop.Reason == "tls_connection").Sum(static drop => drop.Count);

        ProcessSnapshot Process() => Assert.Single(observer.Session.Processes, process => process.ProcessId == server.Process.Id);
    }
}
