using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>HTTP is seen right whatever system calls and sockets carry it.</summary>
[Trait("kind", "capture")]
public sealed class SocketCallTests(ITestOutputHelper output)
{
    private const int Exchanges = 3;
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public Task A_server_that_peeks_before_it_reads_is_seen_once() => SeesAsync("peek", 6);

    [Fact]
    public Task A_server_that_writes_single_bytes_is_seen() => SeesAsync("bytewise", 5);

    [Fact]
    public Task A_server_that_answers_by_sendfile_is_seen() => SeesAsync("sendfile", 50_000);

    [Fact]
    public Task A_server_that_reads_and_writes_several_buffers_at_once_is_seen() => SeesAsync("vectors", 2000, "15");

    [Fact]
    public async Task A_server_that_writes_more_buffers_than_are_walked_is_seen_and_that_is_counted()
    {
        var statistics = await SeesAsync("vectors", 2000, "100");
        Assert.Equal(Exchanges, statistics.Unfollowed.Single(static kind => kind.Reason == "iovec_limit_io").Count);
    }

    [Fact]
    public async Task Requests_over_IPv6_and_mapped_IPv4_have_the_addresses_of_their_clients()
    {
        await using var server = await OddServer.StartAsync("dual", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        await Requests.GetAsync(new IPEndPoint(IPAddress.Loopback, server.Port), "/four", Cancellation);
        await Requests.GetAsync(new IPEndPoint(IPAddress.IPv6Loopback, server.Port), "/six", Cancellation);
        var spans = (await observer.SpansOfAsync(server.Port, 2, Cancellation)).ToDictionary(static span => span.Path!);
        Assert.Equal(["/four", "/six"], spans.Keys.Order());
        Assert.Equal((IPAddress.Loopback, IPAddress.Loopback), (spans["/four"].Source.Address, spans["/four"].Destination.Address));
        Assert.Equal((IPAddress.IPv6Loopback, IPAddress.IPv6Loopback), (spans["/six"].Source.Address, spans["/six"].Destination.Address));
    }

    [Fact]
    public async Task Requests_over_a_UNIX_socket_are_counted()
    {
        var path = Path.Combine(Path.GetTempPath(), $"beyla-odd-{Environment.ProcessId}.sock");
        File.Delete(path);
        try
        {
            await using var server = await OddServer.StartAsync("unix", Cancellation, path);
            await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
            for (var i = 0; i < 5; i++)
            {
                await Requests.GetAsync(new UnixDomainSocketEndPoint(path), "/unix", Cancellation);
            }

            await Requests.GetAsync(server.Port, "/tcp", Cancellation);
            Assert.Equal("/tcp", Assert.Single(await observer.SpansOfAsync(server.Port, 1, Cancellation)).Path);
            Assert.Equal(1, observer.Session.GetStatistics().Captured);
            // A read and a write for each request at least.
            Assert.True(observer.Session.GetStatistics().Unfollowed.Single(static kind => kind.Reason == "unix_socket_io").Count >= 10, observer.Describe());
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A connection's requests, some with so long a head that it takes several reads.</summary>
    private async Task<SessionStatistics> SeesAsync(string behaviour, long content, params string[] arguments)
    {
        await using var server = await OddServer.StartAsync(behaviour, Cancellation, arguments);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        var paths = new List<string>();
        using (var connection = await Requests.ConnectAsync(server.Endpoint, Cancellation))
        {
            for (var i = 0; i < Exchanges; i++)
            {
                paths.Add(string.Create(CultureInfo.InvariantCulture, $"/{i}/{new string('p', 50 * i)}"));
                Assert.Equal(content, (await Requests.AskAsync(connection, paths[i], Cancellation)).Length);
            }
        }

        var spans = await observer.SpansOfAsync(server.Port, Exchanges, Cancellation);
        output.WriteLine(observer.Describe());
        Assert.Equal(paths.Select(path => (path, (int?)200, (long?)content, SpanEnd.Framed)), spans.Select(Content));
        return observer.Session.GetStatistics();
    }

    private static (string, int?, long?, SpanEnd) Content(HttpSpan span) => (span.Path!, span.StatusCode, span.ResponseBodySize, span.End);
}
