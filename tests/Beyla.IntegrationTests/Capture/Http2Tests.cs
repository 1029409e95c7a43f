using System.Globalization;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Every request by HTTP/2, a hundred at once on a connection, is a span of both ends with everything right.</summary>
[Trait("kind", "capture")]
public sealed class Http2Tests(ITestOutputHelper output)
{
    private const int Connections = 3;
    private const int StreamsAtOnce = 100;

    private static readonly Tool H2Load = new("h2load", "nghttp2-client");
    private static readonly Tool Curl = new("curl", "curl");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private static readonly ServerKind[] Kinds =
    [
        Servers.Nginx.Http2, Servers.Kestrel.Http2, Servers.Nginx.Secure.Http2, Servers.Kestrel.Secure.Http2,
        Servers.GoHttp2Of("1.19", isStripped: false), Servers.GoHttp2Of("1.24", isStripped: false), Servers.GoHttp2Of("1.27", isStripped: true),
    ];

    public static TheoryData<string> Loaded => [.. Kinds.Select(static kind => kind.ToString())];

    [Theory]
    [MemberData(nameof(Loaded))]
    public async Task Every_request_of_h2load_is_seen_at_both_ends(string server)
    {
        string[] targets = [.. Enumerable.Range(0, 500).Select(static i => Target(i, status: 200 + (i % 5 == 0 ? 204 : 0), size: Load.LoadMix.ResponseSizes[i % 9]))];
        var run = await LoadAsync(Named(server), targets, 2 * Connections * targets.Length);
        Assert.Equal(Connections * targets.Length, run.Log.Count);
        ExpectEqual(run, SpanKind.Server);
        ExpectEqual(run, SpanKind.Client);
    }

    [Theory]
    [InlineData("kestrel+http2")]
    [InlineData("kestrel+tls+http2")]
    public async Task A_download_costs_the_headers_of_its_frames(string server)
    {
        const int size = 1 << 20;
        const int frame = 16 * 1024;
        string[] targets = [.. Enumerable.Range(0, 20).Select(static i => Target(i, 200, size))];
        var run = await LoadAsync(Named(server), targets, 2 * Connections * targets.Length);
        ExpectEqual(run, SpanKind.Server);
        ExpectEqual(run, SpanKind.Client);
        var content = 2L * Connections * targets.Length * size;
        var frames = Connections * targets.Length * (size / frame);
        output.WriteLine($"{run.RingRecords} records of {run.RingBytes} bytes for {frames} frames of {content} bytes at two ends");
        // A client reads a frame in several pieces, of which only those with a header are reported.
        Assert.InRange(run.RingRecords, 1, 3 * frames);
        Assert.InRange(run.RingBytes, 1, content / 50);
        Assert.DoesNotContain("frames_lost", run.Account, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_lost_under_load_is_counted_and_what_is_seen_is_true()
    {
        string[] targets = [.. Enumerable.Range(0, 2000).Select(static i => Target(i, status: 200 + (i % 5 == 0 ? 204 : 0), size: Load.LoadMix.ResponseSizes[i % 9]))];
        var run = await LoadAsync(Servers.Nginx.Http2, targets, expected: 0, static options =>
        {
            options.Capture.RingBufferBytes = 65536;
            options.Capture.PollInterval = TimeSpan.FromMilliseconds(20);
        });
        Assert.Equal(Connections * targets.Length, run.Log.Count);
        Assert.Contains("ring_full", run.Account, StringComparison.Ordinal);
        Assert.Contains("stream_gap", run.Account, StringComparison.Ordinal);
        // Which side has the little room there is, chance decides.
        Assert.NotEmpty(run.Spans);
        var truth = run.Log.DistinctBy(static entry => entry.Seen.Path).ToDictionary(static entry => entry.Seen.Path, static entry => entry.Seen, StringComparer.Ordinal);
        foreach (var kind in (SpanKind[])[SpanKind.Server, SpanKind.Client])
        {
            HttpSpan[] spans = [.. run.Spans.Where(span => span.Kind == kind)];
            output.WriteLine($"{kind}: {spans.Length} of {run.Log.Count}, {spans.Count(static span => span.Path is null)} without a path");
            Assert.InRange(spans.Length, 0, run.Log.Count - 1);
            Assert.All(spans.GroupBy(static span => span.Path ?? ""), static same => Assert.True(same.Key.Length == 0 || same.Count() <= Connections, same.Key));
            Assert.All(spans.Where(static span => span.Path is not null), span =>
            {
                var seen = truth[span.Path!];
                Assert.True(span.StatusCode is null || span.StatusCode == seen.Status, $"{span.Path} {span.StatusCode}");
                Assert.True(span.ResponseBodySize is null || span.ResponseBodySize == seen.ResponseBytes, $"{span.Path} {span.ResponseBodySize}");
            });
        }
    }

    [Fact]
    public async Task Curl_is_seen_whether_it_knows_or_upgrades()
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(Servers.Apache.Http2, deadline.Token);
        await using var observer = await ObserveAsync(server, "curl", deadline.Token);
        string[] ways = ["--http2-prior-knowledge", "--http2"];
        for (var i = 0; i < ways.Length; i++)
        {
            foreach (var target in (string[])[Target(i, 200, 17), Target(i + 10, 404, 200)])
            {
                await RunAsync(Curl, ["--silent", ways[i], server.Url.GetLeftPart(UriPartial.Authority) + target, "--output", "/dev/null"], deadline.Token);
            }
        }

        var spans = await observer.SpansOfAsync(server.Endpoint.Port, 8, deadline.Token);
        output.WriteLine(observer.Describe());
        string[] expected = ["/status/200/0 200 2 17", "/status/200/1 200 2 17", "/status/404/10 404 2 200", "/status/404/11 404 2 200"];
        foreach (var kind in (SpanKind[])[SpanKind.Server, SpanKind.Client])
        {
            Assert.Equal(expected, spans.Where(span => span.Kind == kind).Select(static span => $"{span.Path} {span.StatusCode} {span.ProtocolVersion} {span.ResponseBodySize}").Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("nginx+tls+http2")]
    [InlineData("kestrel+tls+http2")]
    public async Task Curl_is_seen_when_it_negotiates(string kind)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(Named(kind), deadline.Token);
        await using var observer = await ObserveAsync(server, "curl", deadline.Token);
        string[] urls = [.. Enumerable.Range(0, 5).Select(i => server.Url.GetLeftPart(UriPartial.Authority) + Target(i, 200 + (i % 2 * 204), 200))];
        await RunAsync(Curl, ["--silent", "--http2", "--cacert", server.CertificateFile!, .. urls.SelectMany(static url => (string[])[url, "--output", "/dev/null"])], deadline.Token);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, 2 * urls.Length, deadline.Token);
        output.WriteLine(observer.Describe());
        var log = await server.WaitForCountAsync(urls.Length, deadline.Token);
        var run = new Http2Run(log, spans, observer.RingRecords, observer.RingBytes, observer.Describe());
        Assert.Equal(urls.Length, log.Count);
        ExpectEqual(run, SpanKind.Server);
        ExpectEqual(run, SpanKind.Client);
        Assert.All(spans, static span => Assert.Equal("https", span.Scheme));
    }

    [Theory]
    [InlineData("nginx+http2", "--header-table-size=0")]
    [InlineData("nginx+http2", "--encoder-header-table-size=0")]
    [InlineData("kestrel+http2", "--header-table-size=100")]
    [InlineData("kestrel+http2", "--encoder-header-table-size=100")]
    [InlineData("go-1.27-stripped+http2", "--header-table-size=64K")]
    public async Task Tables_of_headers_of_any_size_are_followed(string server, string option)
    {
        string[] targets = [.. Enumerable.Range(0, 200).Select(static i => Target(i, status: 200 + (i % 3 * 202), size: 17))];
        var run = await LoadAsync(Named(server), targets, 2 * Connections * targets.Length, options: option);
        Assert.Equal(Connections * targets.Length, run.Log.Count);
        ExpectEqual(run, SpanKind.Server);
        ExpectEqual(run, SpanKind.Client);
    }

    private static string Target(int id, int status, int size) => string.Create(CultureInfo.InvariantCulture, $"/status/{status}/{id}?size={size}&id={id}");

    private static ServerKind Named(string name) => Kinds.Single(kind => kind.ToString() == name);

    /// <summary>Lets each of some connections ask for every target, a hundred at once.</summary>
    private async Task<Http2Run> LoadAsync(
        ServerKind kind, string[] targets, int expected, Action<BeylaOptions>? configure = null, params string[] options)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(kind, deadline.Token);
        await using var observer = await ObserveAsync(server, "h2load", deadline.Token, configure);
        using var directory = new TemporaryDirectory();
        var list = directory.File("targets");
        await File.WriteAllLinesAsync(list, targets.Select(target => server.Url.GetLeftPart(UriPartial.Authority) + target), deadline.Token);
        var requests = Connections * targets.Length;
        var report = await RunAsync(H2Load, ["-n", $"{requests}", "-c", $"{Connections}", "-m", $"{StreamsAtOnce}", "-i", list, .. options], deadline.Token);
        Assert.Contains($"{requests} done", report, StringComparison.Ordinal);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, expected, deadline.Token);
        output.WriteLine(observer.Describe());
        var log = await server.WaitForCountAsync(requests, deadline.Token);
        return new Http2Run(log, spans, observer.RingRecords, observer.RingBytes, observer.Describe());
    }

    private void ExpectEqual(Http2Run run, SpanKind kind)
    {
        string[] expected = [.. run.Log.Select(static entry => $"{entry.Seen.Method} {entry.Seen.Path} {entry.Seen.Status} {entry.Seen.ResponseBytes}").Order(StringComparer.Ordinal)];
        HttpSpan[] spans = [.. run.Spans.Where(span => span.Kind == kind)];
        string[] seen = [.. spans.Select(static span => $"{span.Method} {span.Path} {span.StatusCode} {span.ResponseBodySize}").Order(StringComparer.Ordinal)];
        output.WriteLine($"{kind}: {seen.Length} of {expected.Length}");
        Assert.Equal(expected, seen);
        Assert.All(spans, static span => Assert.Equal(("2", SpanEnd.Framed, 0L), (span.ProtocolVersion, span.End, span.RequestBodySize)));
    }

    private Task<Observer> ObserveAsync(
        FleetServer server, string client, CancellationToken cancellationToken, Action<BeylaOptions>? configure = null) => Observer.StartAsync(
        options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
            options.Discovery.Selectors.Add(new ProcessSelector { ExecutableName = $"/{client}$" });
            configure?.Invoke(options);
        },
        output,
        cancellationToken);

    private static async Task<string> RunAsync(Tool tool, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        await using var process = await TargetProcess.StartAsync(new ProcessSpec(Tooling.Require(tool), arguments));
        var code = await process.WaitForExitAsync(cancellationToken);
        Assert.True(code == 0, $"{tool.Command} ended with {code}:\n{process.Output}");
        return process.Output;
    }
}
