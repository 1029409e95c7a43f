using System.Globalization;
using System.Text;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>TLS libraries that processes see under paths which mean something else, or nothing, to the observer.</summary>
[Trait("kind", "capture")]
public sealed class SecureContainerTests(ITestOutputHelper output)
{
    private const int Requests = 40;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Requests_through_a_library_that_only_its_process_can_see_are_seen() => SeesEachOnceAsync(Servers.WithPrivateLibrary);

    [Fact]
    public Task Containers_and_the_machine_that_share_a_library_see_each_request_once() => SeesEachOnceAsync(
        Servers.Contained(Servers.Python.Secure), Servers.Contained(Servers.Python.Secure), Servers.Python.Secure);

    [Fact]
    public Task A_container_that_changed_the_owner_of_a_shared_library_is_seen_as_well() => SeesEachOnceAsync(
        Servers.Contained(Servers.Python.Secure), Servers.Contained(Servers.Python.Secure, "chown 1:1 /usr/lib/x86_64-linux-gnu/libssl.so.3"));

    [Fact]
    public Task Containers_that_share_an_executable_with_a_library_see_each_request_once() => SeesEachOnceAsync(
        Servers.Contained(Servers.Node.Secure), Servers.Contained(Servers.Node.Secure), Servers.Contained(Servers.Go.Secure), Servers.Go.Secure);

    private async Task SeesEachOnceAsync(params IReadOnlyList<ServerKind> kinds)
    {
        Root.Require();
        using var deadline = TestDeadline.After(Deadline);
        var servers = new List<FleetServer>();
        try
        {
            foreach (var kind in kinds)
            {
                servers.Add(await FleetServer.StartAsync(kind, deadline.Token));
            }

            await using var observer = await Observer.StartAsync(
                options => servers.ForEach(server => options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) })), output, deadline.Token);
            var asked = (await Task.WhenAll(servers.Select(server => AskAsync(server, deadline.Token)))).SelectMany(static requests => requests).Order(StringComparer.Ordinal);
            await observer.Session.StopAsync(deadline.Token);
            output.WriteLine(observer.Describe());
            Assert.Equal(
                asked,
                observer.Spans.Select(static span => Describe(span.Service.ProcessId, span.Source.Port, span.Destination.Port, span.Path, span.StatusCode, span.Kind, span.Scheme)).Order(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task<IReadOnlyList<string>> AskAsync(FleetServer server, CancellationToken cancellationToken)
    {
        var asked = new List<string>();
        using var connection = await HttpConnection.ConnectAsync(server.Endpoint, isSecure: true, cancellationToken);
        for (var i = 0; i < Requests; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/asked/{i}");
            await connection.SendAsync(Encoding.ASCII.GetBytes($"GET {path}?size=100&id={i} HTTP/1.1\r\nHost: localhost\r\n\r\n"), cancellationToken);
            var head = await connection.Reader.ReadHeadAsync(cancellationToken);
            Assert.Equal(100, await connection.Reader.ReadContentAsync(head, none: false, long.MaxValue, cancellationToken));
            asked.Add(Describe(server.Process.Id, connection.LocalPort, server.Endpoint.Port, path, head.Status, SpanKind.Server, "https"));
        }

        return asked;
    }

    private static string Describe(int process, int from, int to, string? path, int? status, SpanKind kind, string? scheme) =>
        string.Create(CultureInfo.InvariantCulture, $"{process}: {from} to {to} {path} {status} {kind} {scheme}");
}
