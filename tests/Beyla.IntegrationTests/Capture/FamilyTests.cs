using System.Globalization;
using System.Net.Sockets;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Forks, execs and workers: what a selected process starts is seen, under its own process id.</summary>
[Trait("kind", "capture")]
public sealed class FamilyTests(ITestOutputHelper output)
{
    private const int Workers = 3;
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workers_forked_after_the_start_are_seen()
    {
        var port = LocalPort.Free();
        await using var observer = await Observer.OfPortAsync(port, output, Cancellation);
        await using var server = await OddServer.LaunchAsync(port, "prefork");
        await server.WaitForPortAsync(Cancellation);
        await SeesWorkersAsync(observer, server);
    }

    [Fact]
    public async Task Workers_forked_before_the_start_are_seen()
    {
        await using var server = await OddServer.StartAsync("prefork", Cancellation);
        await Poll.UntilAsync(() => ChildrenOf(server.Process.Id).Count == Workers, () => "there are no workers", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        await SeesWorkersAsync(observer, server);
    }

    [Fact]
    public async Task Workers_of_nginx_are_seen_from_the_first_request()
    {
        await using var observer = await Observer.StartAsync(
            static options => options.Discovery.Selectors.Add(new ProcessSelector { ExecutableName = "/nginx$" }), output, Cancellation);
        await using var server = await FleetServer.StartAsync(Servers.Nginx, Cancellation);
        var port = server.Endpoint.Port;
        for (var i = 0; i < 20; i++)
        {
            await Requests.GetAsync(port, string.Create(CultureInfo.InvariantCulture, $"/{i}?size=17"), Cancellation);
        }

        var workers = ChildrenOf(server.Process.Id);
        var spans = await observer.SpansOfAsync(port, 20, Cancellation);
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"/{i}"), spans.OrderBy(static span => span.StartUnixNanoseconds).Select(static span => span.Path));
        Assert.All(spans, span => Assert.Contains(span.Service.ProcessId, workers));
    }

    [Fact]
    public async Task A_program_that_a_selected_process_starts_is_seen()
    {
        var port = LocalPort.Free();
        await using var server = await OddServer.StartAsync(
            "spawn", Cancellation, "/usr/bin/python3", FleetFiles.Source("Servers/odd/odd.py"), "plain", port.ToString(CultureInfo.InvariantCulture));
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        var first = Requests.GetFirstAsync(port, "/child", Cancellation);
        server.Process.WriteLine("spawn");
        var child = int.Parse(await first, CultureInfo.InvariantCulture);
        await Requests.GetAsync(server.Port, "/parent", Cancellation);

        var ofChild = await observer.WaitForSpanAsync(static span => span.Path == "/child", Cancellation);
        Assert.Equal((child, port), (ofChild.Service.ProcessId, ofChild.Destination.Port));
        var ofParent = await observer.WaitForSpanAsync(static span => span.Path == "/parent", Cancellation);
        Assert.Equal(server.Process.Id, ofParent.Service.ProcessId);
    }

    [Fact]
    public async Task Processes_that_share_a_port_are_all_seen()
    {
        await using var first = await OddServer.StartAsync("shared", Cancellation);
        await using var second = await OddServer.LaunchAsync(first.Port, "shared");
        await using var observer = await Observer.OfPortAsync(first.Port, output, Cancellation);
        var asked = new Dictionary<int, int>();
        // The kernel spreads connections over those that listen by a hash: both get their share soon.
        for (var i = 0; i < 2000 && asked.Count < 2; i++)
        {
            var process = int.Parse(await Requests.GetAsync(first.Port, "/shared", Cancellation), CultureInfo.InvariantCulture);
            asked[process] = asked.GetValueOrDefault(process) + 1;
        }

        Assert.Equal(new[] { first.Process.Id, second.Process.Id }.Order(), asked.Keys.Order());
        var spans = await observer.SpansOfAsync(first.Port, asked.Values.Sum(), Cancellation);
        Assert.Equal(asked, spans.CountBy(static span => span.Service.ProcessId).ToDictionary());
    }

    /// <summary>As many connections as there are workers, all open at once, so that each worker has one.</summary>
    private static async Task SeesWorkersAsync(Observer observer, OddServer server)
    {
        var connections = new List<Socket>();
        var answers = new List<(string Path, int Worker)>();
        try
        {
            for (var i = 0; i < Workers; i++)
            {
                connections.Add(await Requests.ConnectAsync(server.Endpoint, Cancellation));
                for (var request = 0; request < 3; request++)
                {
                    var path = string.Create(CultureInfo.InvariantCulture, $"/{i}/{request}");
                    answers.Add((path, int.Parse(await Requests.AskAsync(connections[i], path, Cancellation), CultureInfo.InvariantCulture)));
                }
            }
        }
        finally
        {
            connections.ForEach(static connection => connection.Dispose());
        }

        Assert.Equal(Workers, answers.DistinctBy(static answer => answer.Worker).Count());
        Assert.DoesNotContain(answers, answer => answer.Worker == server.Process.Id);
        var spans = await observer.SpansOfAsync(server.Port, answers.Count, Cancellation);
        Assert.Equal(answers.Order(), spans.Select(WhoAnswered).Order());
    }

    private static (string Path, int Worker) WhoAnswered(HttpSpan span) => (span.Path!, span.Service.ProcessId);

    private static HashSet<int> ChildrenOf(int parent) =>
        [.. File.ReadAllText($"/proc/{parent}/task/{parent}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static id => int.Parse(id, CultureInfo.InvariantCulture))];
}
