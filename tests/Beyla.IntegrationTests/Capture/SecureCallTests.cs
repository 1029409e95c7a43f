using System.Globalization;
using System.Text;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Calls of TLS libraries whose return is not seen, or that are not followed.</summary>
[Trait("kind", "capture")]
public sealed class SecureCallTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Calls_that_are_left_by_a_long_jump_hide_no_later_one() => SeesConnectionsAsync(Servers.Leaver);

    [Fact]
    public Task A_session_that_is_cleared_for_another_connection_is_not_taken_for_the_one_before() => SeesConnectionsAsync(Servers.Clearer);

    [Fact]
    public async Task Calls_that_end_while_their_process_is_not_observed_hide_no_later_one()
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(Servers.Python.Secure, deadline.Token);
        await using var observer = await Observer.StartAsync(static _ => { }, output, deadline.Token);
        await AttachAsync(observer, server, deadline.Token);
        using var connection = await HttpConnection.ConnectAsync(server.Endpoint, isSecure: true, deadline.Token);
        var asked = new List<(int Port, string Path)> { (connection.LocalPort, await AskAsync(connection, "/first", deadline.Token)) };
        await Poll.UntilAsync(() => Seen(observer) == 1, () => observer.Describe(), deadline.Token);
        for (var time = 0; time < 3; time++)
        {
            // The server's thread waits inside of a read, which returns while nobody looks.
            await observer.Session.DetachAsync(server.Process.Id, deadline.Token);
            await AskAsync(connection, "/unobserved", deadline.Token);
            await AttachAsync(observer, server, deadline.Token);
            // The read that waits now was begun before.
            await AskAsync(connection, "/begun-before", deadline.Token);
            for (var i = 0; i < 5; i++)
            {
                asked.Add((connection.LocalPort, await AskAsync(connection, $"/{time}/{i}", deadline.Token)));
            }

            await Poll.UntilAsync(() => Seen(observer) == asked.Count, () => observer.Describe(), deadline.Token);
        }

        await SeesAsync(observer, server, asked, deadline.Token);
    }

    [Fact]
    public async Task Requests_whose_calls_were_pushed_out_of_the_table_are_counted()
    {
        const int connections = 1500;
        const int rounds = 3;
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(Servers.Go.Secure, deadline.Token);
        // Each goroutine waits inside of a read, and there is room for a quarter of the connections.
        await using var observer = await Observer.StartAsync(
            options =>
            {
                options.Capture.MaxConnections = 4096;
                options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
            },
            output,
            deadline.Token);
        var open = new List<HttpConnection>();
        try
        {
            for (var number = 0; number < connections; number++)
            {
                open.Add(await HttpConnection.ConnectAsync(server.Endpoint, isSecure: true, deadline.Token));
            }

            for (var round = 0; round < rounds; round++)
            {
                foreach (var connection in open)
                {
                    await AskAsync(connection, $"/{round}", deadline.Token);
                }
            }
        }
        finally
        {
            open.ForEach(static connection => connection.Dispose());
        }

        await observer.Session.StopAsync(deadline.Token);
        output.WriteLine(observer.Describe());
        var missing = (connections * rounds) - observer.Spans.Count;
        var losses = observer.Session.GetStatistics().Losses.Where(static drop => drop.Reason.StartsWith("tls_", StringComparison.Ordinal)).ToArray();
        Assert.Contains(losses, static drop => drop.Reason == "tls_call_table_full");
        Assert.InRange(missing, 1, losses.Sum(static drop => drop.Count));
    }

    private async Task SeesConnectionsAsync(ServerKind kind)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(kind, deadline.Token);
        await using var observer = await Observer.OfPortAsync(server.Endpoint.Port, output, deadline.Token);
        var asked = new List<(int Port, string Path)>();
        for (var number = 0; number < 3; number++)
        {
            using var connection = await HttpConnection.ConnectAsync(server.Endpoint, isSecure: true, deadline.Token);
            for (var i = 0; i < 20; i++)
            {
                asked.Add((connection.LocalPort, await AskAsync(connection, $"/{number}/{i}", deadline.Token)));
            }
        }

        await SeesAsync(observer, server, asked, deadline.Token);
    }

    /// <summary>Observes the server, and waits until its TLS library is probed.</summary>
    private static async Task AttachAsync(Observer observer, FleetServer server, CancellationToken cancellationToken)
    {
        await observer.Session.AttachAsync(server.Process.Id, cancellationToken);
        await Poll.UntilAsync(
            () => observer.Session.Processes.Any(process => process.ProcessId == server.Process.Id && process.Tls == TlsState.Observed),
            () => observer.Describe(),
            cancellationToken);
    }

    private static async Task<string> AskAsync(HttpConnection connection, string path, CancellationToken cancellationToken)
    {
        await connection.SendAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")), cancellationToken);
        var head = await connection.Reader.ReadHeadAsync(cancellationToken);
        Assert.Equal(200, head.Status);
        await connection.Reader.ReadContentAsync(head, none: false, long.MaxValue, cancellationToken);
        return path;
    }

    private static int Seen(Observer observer) => observer.Spans.Count(IsAsked);

    private static bool IsAsked(HttpSpan span) => span.Path is not ("/unobserved" or "/begun-before");

    private async Task SeesAsync(Observer observer, FleetServer server, List<(int Port, string Path)> asked, CancellationToken cancellationToken)
    {
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, asked.Count, cancellationToken);
        output.WriteLine(observer.Describe());
        Assert.Equal(
            asked.Order(),
            spans.Where(IsAsked).Select(static span => (span.Source.Port, span.Path!)).Order());
    }
}
