using System.Globalization;
using System.Net;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Who is selected is seen from the first byte, and nobody else is.</summary>
[Trait("kind", "capture")]
public sealed class SelectionTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly Tool Curl = new("curl", "curl");

    [Fact]
    public Task A_server_selected_by_a_pattern_of_its_name_is_seen_from_its_first_request() =>
        SeesFirstRequestAsync(_ => new ProcessSelector { ExecutableName = "orders-[a-z]+$" });

    [Fact]
    public Task A_server_selected_by_a_glob_is_seen_from_its_first_request() =>
        SeesFirstRequestAsync(_ => new ProcessSelector { ExecutableGlob = "/tmp/*/{orders,invoices}-ap?" });

    [Fact]
    public Task A_server_selected_by_its_port_is_seen_from_its_first_request() =>
        SeesFirstRequestAsync(static port => new ProcessSelector { OpenPorts = PortSet.Of(port) });

    [Fact]
    public Task A_server_selected_by_a_range_of_ports_is_seen_from_its_first_request() =>
        SeesFirstRequestAsync(static port => new ProcessSelector { OpenPorts = PortSet.Parse($"1-2,{port - 3}-{port + 3}") });

    [Fact]
    public async Task A_running_server_is_seen_by_name_and_by_port()
    {
        await using var byName = await NamedServer.StartAsync("orders-api", Cancellation);
        await using var byPort = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { ExecutableGlob = byName.Executable, ServiceName = "orders" });
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(byPort.Port) });
        }, output, Cancellation);
        await Requests.GetAsync(byName.Port, "/name", Cancellation);
        await Requests.GetAsync(byPort.Port, "/port", Cancellation);

        var named = await observer.WaitForSpanAsync(static span => span.Path == "/name", Cancellation);
        Assert.Equal((byName.Process.Id, "orders"), (named.Service.ProcessId, named.Service.Name));
        var ported = await observer.WaitForSpanAsync(static span => span.Path == "/port", Cancellation);
        Assert.Equal((byPort.Process.Id, "python"), (ported.Service.ProcessId, ported.Service.Language));
    }

    [Fact]
    public async Task A_process_that_begins_to_listen_later_is_seen_from_its_first_request()
    {
        await using var server = await OddServer.LaunchAsync(LocalPort.Free(), "later");
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        Assert.Empty(observer.Session.Processes);
        var first = Requests.GetFirstAsync(server.Port, "/first", Cancellation);
        server.Process.WriteLine("listen");
        await first;
        var span = Assert.Single(await observer.SpansOfAsync(server.Port, 1, Cancellation));
        Assert.Equal(("/first", 200, server.Process.Id), (span.Path, span.StatusCode, span.Service.ProcessId));
    }

    [Fact]
    public async Task Nothing_is_captured_of_a_process_that_is_not_selected()
    {
        await using var selected = await OddServer.StartAsync("plain", Cancellation);
        await using var other = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.OfPortAsync(selected.Port, output, Cancellation);
        for (var i = 0; i < 20; i++)
        {
            await Requests.GetAsync(other.Port, "/other", Cancellation);
            await Requests.GetAsync(selected.Port, "/selected", Cancellation);
        }

        Assert.Equal(20, (await observer.SpansOfAsync(selected.Port, 20, Cancellation)).Count);
        Assert.Equal(20, observer.Session.GetStatistics().Captured);
        Assert.Equal(selected.Process.Id, Assert.Single(observer.Session.Processes).ProcessId);
    }

    [Fact]
    public async Task Programs_that_come_and_go_are_captured_whole_if_they_are_selected_and_not_at_all_if_not()
    {
        const int Rounds = 25;
        var curl = Tooling.Require(Curl);
        using var directory = new TemporaryDirectory();
        var chosen = directory.File("chosen");
        File.Copy(curl, chosen);
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.StartAsync(
            options => options.Discovery.Selectors.Add(new ProcessSelector { ExecutableGlob = chosen }), output, Cancellation);
        for (var i = 0; i < Rounds; i++)
        {
            await AskAsync(chosen, $"/chosen/{i}");
            await AskAsync(curl, $"/other/{i}");
        }

        var spans = await observer.SpansOfAsync(server.Port, Rounds, Cancellation);
        output.WriteLine(observer.Describe());
        Assert.Equal(Enumerable.Range(0, Rounds).Select(static i => $"/chosen/{i}"), spans.OrderBy(static span => span.StartUnixNanoseconds).Select(static span => span.Path));
        var statistics = observer.Session.GetStatistics();
        Assert.Equal((Rounds, Rounds), (statistics.Captured, statistics.Exported));
        Assert.Empty(statistics.Drops);
        Assert.Empty(statistics.Losses);

        async Task AskAsync(string program, string path)
        {
            await using var process = await TargetProcess.StartAsync(new ProcessSpec(program, ["--silent", "-o", "/dev/null", $"http://127.0.0.1:{server.Port}{path}"]));
            Assert.Equal(0, await process.WaitForExitAsync(Cancellation));
        }
    }

    [Fact]
    public async Task An_exclusion_beats_a_selector()
    {
        await using var excluded = await NamedServer.StartAsync("not-this-one", Cancellation);
        await using var selected = await NamedServer.StartAsync("this-one", Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(excluded.Port, selected.Port) });
            options.Discovery.Exclusions.Add(new ProcessSelector { ExecutableName = "not-this-one$" });
        }, output, Cancellation);
        await Requests.GetAsync(excluded.Port, "/excluded", Cancellation);
        await Requests.GetAsync(selected.Port, "/selected", Cancellation);

        await using var later = await NamedServer.StartAsync("not-this-one", Cancellation);
        await Requests.GetAsync(later.Port, "/excluded", Cancellation);
        Assert.Single(await observer.SpansOfAsync(selected.Port, 1, Cancellation));
        Assert.Equal("/selected", Assert.Single(observer.Spans).Path);
        Assert.Equal(1, observer.Session.GetStatistics().Captured);
    }

    [Fact]
    public async Task The_process_of_the_session_is_not_observed()
    {
        var port = LocalPort.Free();
        await using var observer = await Observer.OfPortAsync(port, output, Cancellation);
        await AskOwnListenerAsync(port);
        var own = await observer.Session.ExplainAsync(Environment.ProcessId, Cancellation);
        Assert.Equal((ProcessState.Skipped, ProcessReason.SelfExcluded), (own.State, own.Reason));
        var attached = await observer.Session.AttachAsync(Environment.ProcessId, Cancellation);
        Assert.Equal((ProcessState.Skipped, ProcessReason.SelfExcluded), (attached.State, attached.Reason));
        await AskOwnListenerAsync(port);
        await observer.Session.StopAsync(Cancellation);
        Assert.Empty(observer.Spans);
        Assert.Equal(0, observer.Session.GetStatistics().Captured);
    }

    [Fact]
    public async Task The_process_of_the_session_is_observed_if_that_is_wanted()
    {
        var port = LocalPort.Free();
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.InstrumentSelf = true;
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(port) });
        }, output, Cancellation);
        await AskOwnListenerAsync(port);
        var spans = await observer.SpansOfAsync(port, 2, Cancellation);

        // The test is its own client.
        Assert.Equal([SpanKind.Server, SpanKind.Client], spans.Select(static span => span.Kind).Order());
        Assert.All(spans, static span => Assert.Equal((Environment.ProcessId, "/own", 200, 3L), (span.Service.ProcessId, span.Path, span.StatusCode, span.ResponseBodySize)));
    }

    private static async Task AskOwnListenerAsync(int port)
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://localhost:{port}/");
        listener.Start();
        var asked = Requests.GetAsync(port, "/own", Cancellation);
        var context = await listener.GetContextAsync();
        context.Response.ContentLength64 = 3;
        await context.Response.OutputStream.WriteAsync("own"u8.ToArray(), Cancellation);
        context.Response.Close();
        Assert.Equal("own", await asked);
    }

    /// <summary>Several times, because losing the first request would be a race.</summary>
    private async Task SeesFirstRequestAsync(Func<int, ProcessSelector> select)
    {
        const int Rounds = 8;
        var port = LocalPort.Free();
        await using var observer = await Observer.StartAsync(options => options.Discovery.Selectors.Add(select(port)), output, Cancellation);
        for (var round = 0; round < Rounds; round++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/first/{round}");
            var first = Requests.GetFirstAsync(port, path, Cancellation);
            await using var server = await NamedServer.LaunchAsync("orders-api", port, Cancellation);
            await first;
            await observer.WaitForSpanAsync(span => span.Path == path, Cancellation);
        }

        var spans = await observer.SpansOfAsync(port, Rounds, Cancellation);
        Assert.Equal(
            Enumerable.Range(0, Rounds).Select(static round => $"/first/{round}"),
            spans.OrderBy(static span => span.StartUnixNanoseconds).Select(static span => span.Path));
        Assert.All(spans, static span => Assert.Equal(200, span.StatusCode));
    }
}
