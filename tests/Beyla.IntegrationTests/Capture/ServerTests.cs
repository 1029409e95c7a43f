using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Every request that a server answered is a span, once, with everything right; and there is no span besides.</summary>
[Trait("kind", "capture")]
public sealed class ServerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Every_request_to_Python_is_seen() => SeesEveryRequestAsync(Servers.Python);

    [Fact]
    public Task Every_request_to_Node_is_seen() => SeesEveryRequestAsync(Servers.Node);

    [Fact]
    public Task Every_request_to_Kestrel_is_seen() => SeesEveryRequestAsync(Servers.Kestrel);

    [Fact]
    public Task Every_request_to_nginx_is_seen() => SeesEveryRequestAsync(Servers.Nginx);

    private async Task SeesEveryRequestAsync(ServerKind kind)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        await using var server = await FleetServer.StartAsync(kind, deadline.Token);
        await using var observer = await Observer.OfPortAsync(server.Endpoint.Port, output, deadline.Token);
        var run = await server.PlayAsync(LoadMix.Build(kind.Profile), deadline.Token);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, run.Expected.Count(static r => !r.Optional), deadline.Token);
        var offset = MonotonicClock.UnixOffset();
        var result = run.CompareSpans(spans, unix => unix - offset, kind.Profile);
        output.WriteLine(result.ToString());
        output.WriteLine(observer.Describe());
        Assert.True(result.IsEqual, $"{result}\n{observer.Describe()}");
        Assert.True(result.Paired >= 200, "The mix is too small to prove anything.");
    }
}
