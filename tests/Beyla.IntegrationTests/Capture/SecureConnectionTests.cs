using System.Globalization;
using System.Text;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Plaintext is attributed to the connection that carried it, and to no other.</summary>
[Trait("kind", "capture")]
public sealed class SecureConnectionTests(ITestOutputHelper output)
{
    private const int Connections = 50;
    private const int Requests = 12;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private static readonly ServerProfile Proxied = new()
    {
        Exclusions = new Dictionary<Feature, string>
        {
            [Feature.ChunkedRequest] = "the proxy takes the chunks off",
            [Feature.ChunkedResponse] = "the size of chunks beyond the copy is not known",
            [Feature.ServerClose] = "a connection of the load is not the server's to end",
        },
    };

    [Fact]
    public Task No_request_to_Kestrel_is_attributed_to_a_wrong_connection() => AttributesRightlyAsync(Servers.Kestrel.Secure);

    [Fact]
    public Task No_request_to_Node_is_attributed_to_a_wrong_connection() => AttributesRightlyAsync(Servers.Node.Secure);

    [Fact]
    public Task No_request_to_nginx_is_attributed_to_a_wrong_connection() => AttributesRightlyAsync(Servers.Nginx.Secure);

    [Fact]
    public Task No_request_to_Python_is_attributed_to_a_wrong_connection() => AttributesRightlyAsync(Servers.Python.Secure);

    [Fact]
    public Task No_request_to_uvicorn_is_attributed_to_a_wrong_connection() => AttributesRightlyAsync(Servers.Asyncio.Secure);

    [Fact]
    public Task No_request_to_Go_is_attributed_to_a_wrong_connection() => AttributesRightlyAsync(Servers.Go.Secure);

    [Fact]
    public Task No_request_to_Rust_with_rustls_is_attributed_to_a_wrong_connection() => AttributesRightlyAsync(Servers.Rustls);

    [Fact]
    public Task Connections_to_Kestrel_that_are_older_than_the_observer_are_seen() => SeesOlderConnectionsAsync(Servers.Kestrel.Secure);

    [Fact]
    public Task Connections_to_Node_that_are_older_than_the_observer_are_seen() => SeesOlderConnectionsAsync(Servers.Node.Secure);

    [Fact]
    public Task Connections_to_nginx_that_are_older_than_the_observer_are_seen() => SeesOlderConnectionsAsync(Servers.Nginx.Secure);

    [Fact]
    public Task Connections_to_Python_that_are_older_than_the_observer_are_seen() =>
        // Its threads wait for the next request inside a read: what such a read returns was asked for before there was a probe.
        RunAsync(Servers.Python.Secure, before: 1, unseen: 1);

    [Fact]
    public Task Connections_to_Go_that_are_older_than_the_observer_are_seen() =>
        // So do its goroutines.
        RunAsync(Servers.Go.Secure, before: 1, unseen: 1);

    [Fact]
    public async Task A_proxy_is_seen_as_server_and_as_client_though_one_thread_has_both_ends()
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var upstream = await FleetServer.StartAsync(Servers.Kestrel.Secure, deadline.Token);
        await using var proxy = await FleetServer.StartAsync(Servers.ProxyTo(upstream), deadline.Token);
        await using var observer = await Observer.OfPortAsync(proxy.Endpoint.Port, output, deadline.Token);
        var mix = LoadMix.Of(ClientPlans.Build(Proxied, count: 240), workers: 12);
        var client = await new LoadDriver(proxy.Endpoint, isSecure: true).RunAsync(mix, deadline.Token);
        var log = await upstream.WaitForLogAsync(client, deadline.Token);
        await observer.SpansOfAsync(proxy.Endpoint.Port, client.Count, deadline.Token);
        output.WriteLine(observer.Describe());
        Assert.Equal(
            client.Select(static asked => $"{asked.SourcePort} {asked.Method} {asked.Path} {asked.Status} {asked.ResponseBytes}").Order(StringComparer.Ordinal),
            Spans(SpanKind.Server, proxy).Select(static span => $"{span.Source.Port} {span.Method} {span.Path} {span.StatusCode} {span.ResponseBodySize}").Order(StringComparer.Ordinal));
        Assert.Equal(
            log.Select(static entry => $"{entry.Seen.Method} {entry.Seen.Path} {entry.Seen.Status} {entry.Seen.ResponseBytes}").Order(StringComparer.Ordinal),
            Spans(SpanKind.Client, upstream).Select(static span => $"{span.Method} {span.Path} {span.StatusCode} {span.ResponseBodySize}").Order(StringComparer.Ordinal));

        IEnumerable<HttpSpan> Spans(SpanKind kind, FleetServer to) =>
            observer.Spans.Where(span => span.Kind == kind && span.Scheme == "https" && span.Destination.Port == to.Endpoint.Port);
    }

    private Task AttributesRightlyAsync(ServerKind kind) => RunAsync(kind, before: 0);

    private Task SeesOlderConnectionsAsync(ServerKind kind) => RunAsync(kind, before: 1);

    /// <param name="kind">The server.</param>
    /// <param name="before">Requests on each connection before there is an observer.</param>
    /// <param name="unseen">Requests on each connection that the observer can't see.</param>
    private async Task RunAsync(ServerKind kind, int before, int unseen = 0)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(kind, deadline.Token);
        var observer = before == 0 ? await Observer.OfPortAsync(server.Endpoint.Port, output, deadline.Token) : null;
        var connections = new List<HttpConnection>();
        try
        {
            for (var number = 0; number < Connections; number++)
            {
                connections.Add(await HttpConnection.ConnectAsync(server.Endpoint, isSecure: true, deadline.Token));
            }

            await AskAsync(connections, "before", before, deadline.Token);
            observer ??= await Observer.OfPortAsync(server.Endpoint.Port, output, deadline.Token);
            await AskAsync(connections, "observed", Requests, deadline.Token);
        }
        finally
        {
            connections.ForEach(static connection => connection.Dispose());
        }

        await using (observer)
        {
            var spans = await observer.SpansOfAsync(server.Endpoint.Port, Connections * (Requests - unseen), deadline.Token);
            output.WriteLine(observer.Describe());
            var expected = connections.SelectMany((connection, number) =>
                Enumerable.Range(unseen, Requests - unseen).Select(i => (connection.LocalPort, PathOf(number, "observed", i), (long?)SizeOf(number))));
            Assert.Equal(expected.Order(), spans.Select(static span => (span.Source.Port, span.Path!, span.ResponseBodySize)).Order());
        }
    }

    /// <summary>Requests on all connections at once, each of which asks for content of a size of its own.</summary>
    private static Task AskAsync(List<HttpConnection> connections, string what, int requests, CancellationToken cancellationToken) =>
        Task.WhenAll(connections.Select(async (connection, number) =>
        {
            for (var i = 0; i < requests; i++)
            {
                var target = string.Create(CultureInfo.InvariantCulture, $"{PathOf(number, what, i)}?size={SizeOf(number)}&id={i}");
                await connection.SendAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"), cancellationToken);
                var head = await connection.Reader.ReadHeadAsync(cancellationToken);
                Assert.Equal(SizeOf(number), await connection.Reader.ReadContentAsync(head, none: false, long.MaxValue, cancellationToken));
            }
        }));

    private static string PathOf(int connection, string what, int request) =>
        string.Create(CultureInfo.InvariantCulture, $"/{what}/{connection}/{request}");

    // A server of files has some sizes only.
    private static int SizeOf(int connection) => LoadMix.ResponseSizes[1 + connection % 9];
}
