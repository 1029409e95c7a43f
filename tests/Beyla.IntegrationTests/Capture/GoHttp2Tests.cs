using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Every request by HTTP/2 of net/http, with TLS, is a span of both ends, whatever the release and with symbols or without.</summary>
[Trait("kind", "capture")]
public sealed class GoHttp2Tests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120); // a compiler may have to compile its own library first

    [Theory]
    [InlineData("1.19", false)]
    [InlineData("1.19", true)]
    [InlineData("1.24", false)]
    [InlineData("1.24", true)]
    [InlineData("1.27", false)]
    [InlineData("1.27", true)]
    public async Task Every_secure_request_is_seen_at_both_ends(string release, bool isStripped)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(Servers.GoHttp2Of(release, isStripped).Secure, deadline.Token);
        await using var client = await FleetClient.StartAsync(ClientKinds.GoOf(release, isStripped), server, ClientPlans.Build(server.Kind.Profile));
        await using var observer = await Observer.StartAsync(
            options =>
            {
                options.Discovery.Selectors.Add(new ProcessSelector { ProcessIds = { client.Process.Id } });
                options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
            },
            output,
            deadline.Token);
        var run = await client.RunAsync(deadline.Token);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, 2 * run.Expected.Count, deadline.Token);
        output.WriteLine(observer.Describe());
        Expect(run, spans, SpanKind.Server, server);
        Expect(run, spans, SpanKind.Client, server);
        Assert.All(spans, span =>
        {
            Assert.Equal(span.Kind == SpanKind.Server ? server.Process.Id : client.Process.Id, span.Service.ProcessId);
            Assert.Equal(("https", "2"), (span.Scheme, span.ProtocolVersion));
        });

        // The client may be gone before the server's goroutine is back from the last write.
        Assert.InRange(spans.Count(static span => span.End != SpanEnd.Framed), 0, 1);
    }

    private void Expect(FleetRun run, IReadOnlyList<HttpSpan> spans, SpanKind kind, FleetServer server)
    {
        var offset = MonotonicClock.UnixOffset();
        var result = run.CompareSpans([.. spans.Where(span => span.Kind == kind)], unix => unix - offset, server.Kind.Profile, CaptureComparison.Exact);
        output.WriteLine($"{kind}: {result}");
        Assert.True(result.IsEqual, $"{kind}: {result}");
        Assert.True(result.Paired >= 200, "The mix is too small to prove anything.");
    }
}
