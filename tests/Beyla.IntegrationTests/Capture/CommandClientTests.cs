using System.Globalization;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Programs that come, ask and go, known by their names only.</summary>
[Trait("kind", "capture")]
public sealed class CommandClientTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly Tool Curl = new("curl", "curl");
    private static readonly Tool Wget = new("wget", "wget");

    [Fact]
    public Task Every_request_of_curl_over_many_connections_is_seen() => SeesEveryRequestAsync(Servers.Kestrel, Curl, 200, ParallelCurl);

    [Fact]
    public Task Every_secure_request_of_curl_over_many_connections_is_seen() => SeesEveryRequestAsync(Servers.Kestrel.Secure, Curl, 200, ParallelCurl);

    [Fact]
    public Task Every_secure_request_of_curls_that_live_for_one_is_seen() => SeesEveryRequestAsync(
        Servers.Kestrel.Secure, Curl, 30, static (server, urls) => [.. urls.Select(url => CurlOf(server, [url]))]);

    [Fact]
    public Task Every_request_of_wget_is_seen() => SeesEveryRequestAsync(Servers.Kestrel, Wget, 200, WgetOf);

    [Fact]
    public Task Every_secure_request_of_wget_is_seen() => SeesEveryRequestAsync(Servers.Kestrel.Secure, Wget, 200, WgetOf);

    [Theory]
    [InlineData("nginx")]
    [InlineData("kestrel")]
    public async Task Curl_is_seen_by_the_protocol_that_both_ends_agree_on_inside_TLS(string name)
    {
        string[] protocols = ["--http1.1", "--http2"];
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(name == "nginx" ? Servers.Nginx.Secure.Http2 : Servers.Kestrel.Secure.Http2, deadline.Token);
        var executable = Tooling.Require(Curl);
        await using var observer = await Observer.StartAsync(
            options =>
            {
                options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
                options.Discovery.Selectors.Add(Named(executable));
            },
            output,
            deadline.Token);
        await AwaitProbesAsync(observer, executable, CurlOf(server, [server.Url.ToString()]), deadline.Token);
        foreach (var path in Paths(20))
        {
            foreach (var protocol in protocols)
            {
                await RunAsync(executable, [protocol, .. CurlOf(server, [$"{server.Url.GetLeftPart(UriPartial.Authority)}{path}{protocol}?size=200&id=0"])], deadline.Token);
            }
        }

        var spans = (await observer.SpansOfAsync(server.Endpoint.Port, 80, deadline.Token)).Where(static span => span.Path != "/").ToArray();
        output.WriteLine(observer.Describe());
        var expected = Paths(20).SelectMany(path => protocols.Select(protocol => (path + protocol, protocol == "--http2" ? "2" : "1.1", (int?)200, (long?)200))).Order().ToArray();
        foreach (var side in (SpanKind[])[SpanKind.Server, SpanKind.Client])
        {
            Assert.Equal(expected, spans.Where(span => span.Kind == side).Select(static span => (span.Path!, span.ProtocolVersion!, span.StatusCode, span.ResponseBodySize)).Order());
        }
    }

    private static IReadOnlyList<IReadOnlyList<string>> ParallelCurl(FleetServer server, IReadOnlyList<string> urls) =>
        [["--parallel", "--parallel-max", "8", .. CurlOf(server, urls)]];

    private static IReadOnlyList<string> CurlOf(FleetServer server, IReadOnlyList<string> urls) =>
        ["--silent", .. Trusting("--cacert", server), .. urls.SelectMany(static url => new[] { "-o", "/dev/null", url })];

    private static IReadOnlyList<IReadOnlyList<string>> WgetOf(FleetServer server, IReadOnlyList<string> urls) =>
        [["--quiet", "-O", "/dev/null", .. Trusting("--ca-certificate", server), .. urls]];

    private static IEnumerable<string> Trusting(string option, FleetServer server) => server.CertificateFile is { } file ? [option, file] : [];

    private async Task SeesEveryRequestAsync(ServerKind kind, Tool tool, int requests, Func<FleetServer, IReadOnlyList<string>, IReadOnlyList<IReadOnlyList<string>>> commands)
    {
        var executable = Tooling.Require(tool);
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(kind, deadline.Token);
        await using var observer = await Observer.StartAsync(
            options => options.Discovery.Selectors.Add(Named(executable)), output, deadline.Token);
        // The first of its kind may be over before its library is found; those that follow are seen from their first call.
        await AwaitProbesAsync(observer, executable, [.. commands(server, [server.Url.ToString()])[0]], deadline.Token);
        var paths = Paths(requests);
        var processes = new HashSet<int>();
        foreach (var arguments in commands(server, [.. paths.Select(path => $"{server.Url.GetLeftPart(UriPartial.Authority)}{path}?size=100")]))
        {
            processes.Add(await RunAsync(executable, arguments, deadline.Token));
        }

        var spans = (await observer.SpansOfAsync(server.Endpoint.Port, requests, deadline.Token)).Where(static span => span.Path != "/").ToArray();
        output.WriteLine(observer.Describe());
        Assert.Equal(
            paths.Select(path => (SpanKind.Client, server.Url.Scheme, path, (int?)200, (long?)100, server.Endpoint.ToString())).Order(),
            spans.Select(static span => (span.Kind, span.Scheme, span.Path!, span.StatusCode, span.ResponseBodySize, span.Host!)).Order());
        Assert.Subset(processes, spans.Select(static span => span.Service.ProcessId).ToHashSet());
    }

    private static string[] Paths(int count) => [.. Enumerable.Range(0, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"/asked/{i}"))];

    private static ProcessSelector Named(string executable) => new() { ExecutableGlob = $"**/{Path.GetFileName(executable)}" };

    /// <returns>The id that the process had.</returns>
    private static async Task<int> RunAsync(string executable, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        await using var process = await TargetProcess.StartAsync(new ProcessSpec(executable, arguments));
        var code = await process.WaitForExitAsync(cancellationToken);
        Assert.True(code == 0, $"{executable} ended with {code}: {process.Output}");
        return process.Id;
    }

    private static async Task AwaitProbesAsync(Observer observer, string executable, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        while (observer.Spans.All(static span => span.Kind != SpanKind.Client))
        {
            await using var process = await TargetProcess.StartAsync(new ProcessSpec(executable, arguments));
            await process.WaitForExitAsync(cancellationToken);
            await Task.Delay(50, cancellationToken);
        }
    }
}
