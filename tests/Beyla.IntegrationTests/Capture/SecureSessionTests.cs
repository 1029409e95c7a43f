using System.Globalization;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>
/// However a session of TLS begins, and whatever way its bytes take, every request is seen at both ends. The client makes sure
/// that the session is what the test says.
/// </summary>
[Trait("kind", "capture")]
public sealed class SecureSessionTests(ITestOutputHelper output)
{
    private const int LargeContent = 12 << 20;
    private static readonly Tool OpenSsl = new("openssl", "openssl");

    // Times are held against both ends by other tests. Here twice as much is observed at once: a thread that loses the CPU between
    // the socket and the return of its TLS call ends its exchange late.
    private static readonly ComparisonOptions Comparison = CaptureComparison.Exact with { InnerTolerance = TimeSpan.FromSeconds(1), OuterTolerance = TimeSpan.FromSeconds(1) };
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private static readonly Dictionary<string, ServerKind> Kinds = new ServerKind[]
    {
        Servers.Nginx.Secure, Servers.Apache.Secure, Servers.Python.Secure, Servers.Node.Secure, Servers.Kestrel.Secure, Servers.Asyncio.Secure,
        Servers.Ruby.Secure, Servers.Go.Secure, Servers.RustOpenSsl, Servers.Rustls,
    }.ToDictionary(static kind => kind.Name);

    /// <summary>Servers whose TLS library reads the socket, and those where the program does and TLS is in memory.</summary>
    public static TheoryData<string> All => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public Task Requests_of_TLS_1_2_resumed_by_ticket_are_seen(string server) => SeesBothEndsAsync(server, "1.2", "ticket");

    [Theory]
    [MemberData(nameof(All))]
    public Task Requests_of_TLS_1_3_resumed_by_ticket_are_seen(string server) => SeesBothEndsAsync(server, "1.3", "ticket");

    [Theory]
    [InlineData("nginx")]
    [InlineData("kestrel")]
    [InlineData("rust-rustls")]
    public Task Requests_of_TLS_1_2_resumed_by_the_id_of_the_session_are_seen(string server) => SeesBothEndsAsync(server, "1.2", "id");

    [Theory]
    [MemberData(nameof(All))]
    public Task Requests_cut_into_records_that_are_sent_at_once_are_seen(string server) => SeesBothEndsAsync(server, "1.3", "records");

    [Theory]
    [InlineData("nginx", "1.2")]
    [InlineData("kestrel", "1.2")]
    [InlineData("nginx", "1.3")]
    [InlineData("kestrel", "1.3")]
    public Task Requests_that_one_thread_writes_and_another_reads_the_answers_of_are_seen(string server, string version) =>
        SeesBothEndsAsync(server, version, "threads");

    [Theory]
    [InlineData("nginx")]
    [InlineData("python")]
    [InlineData("node")]
    [InlineData("kestrel")]
    [InlineData("go")]
    [InlineData("rust-rustls")]
    public Task Content_of_many_megabytes_that_is_written_at_once_is_counted(string server)
    {
        var plans = new PlanFactory(Kinds[server].Profile, new Random(1));
        return SeesBothEndsAsync(server, "1.3", "ticket",
        [
            .. Enumerable.Range(0, 4).SelectMany(_ => (ExchangePlan[])
            [
                plans.WithContent(LargeContent, RequestFraming.ContentLength) with { Method = "PUT", ResponseBytes = 1 << 20 },
                plans.Get(responseBytes: 17),
            ]),
        ]);
    }

    [Fact]
    public async Task Requests_that_a_resumed_session_sends_with_its_ClientHello_are_seen()
    {
        const int sessions = 10;
        var openssl = Tooling.Require(OpenSsl);
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(Servers.Nginx.Secure, deadline.Token);
        await using var observer = await Observer.OfPortAsync(server.Endpoint.Port, output, deadline.Token);
        for (var i = 0; i < sessions; i++)
        {
            foreach (var (name, size) in ((string, int)[])[("first", 17), ("early", 200)])
            {
                var request = string.Create(CultureInfo.InvariantCulture, $"GET /{name}/{i}?size={size}&id={i} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                await File.WriteAllTextAsync(server.PathOf(name), request, deadline.Token);
            }

            var common = $"s_client -connect {server.Endpoint} -CAfile {server.CertificateFile} -tls1_3 -ign_eof";
            Assert.Contains("HTTP/1.1 200", await RunAsync($"{openssl} {common} -sess_out {server.PathOf("session")} < {server.PathOf("first")}"), StringComparison.Ordinal);
            var early = await RunAsync($"{openssl} {common} -sess_in {server.PathOf("session")} -early_data {server.PathOf("early")} < /dev/null");
            Assert.Contains("Early data was accepted", early, StringComparison.Ordinal);
            Assert.Contains("HTTP/1.1 200", early, StringComparison.Ordinal);
        }

        var spans = await observer.SpansOfAsync(server.Endpoint.Port, 2 * sessions, deadline.Token);
        output.WriteLine(observer.Describe());
        Assert.Equal(
            Enumerable.Range(0, sessions).SelectMany(static i => ((string, int?, long?)[])[($"/early/{i}", 200, 200), ($"/first/{i}", 200, 17)]).Order(),
            spans.Select(static span => (span.Path!, span.StatusCode, span.ResponseBodySize)).Order());

        async Task<string> RunAsync(string command)
        {
            await using var process = await TargetProcess.StartAsync(new ProcessSpec("/bin/sh", ["-c", command]));
            await process.WaitForExitAsync(deadline.Token);
            return process.Output;
        }
    }

    private async Task SeesBothEndsAsync(string serverName, string version, string way, IReadOnlyList<ExchangePlan>? plans = null)
    {
        using var deadline = TestDeadline.After(Deadline);
        var kind = Kinds[serverName];
        plans ??= ClientPlans.Build(kind.Profile, count: 80);
        await using var server = await FleetServer.StartAsync(kind, deadline.Token);
        await using var client = await FleetClient.StartAsync(ClientKinds.Sessions(version, way), server, plans, workers: plans.Count < 20 ? 2 : 5);
        await using var observer = await Observer.StartAsync(options =>
        {
            // Room for all that large uploads move at both ends before the observer, on a CPU that they keep busy, has had its turn.
            options.Capture.RingBufferBytes = 64 << 20;
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
            options.Discovery.Selectors.Add(new ProcessSelector { ProcessIds = { client.Process.Id } });
        }, output, deadline.Token);
        var run = await client.RunAsync(deadline.Token);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, 2 * plans.Count, deadline.Token);
        output.WriteLine(observer.Describe());
        ExpectEqual(run, spans, SpanKind.Server, kind, observer);
        ExpectEqual(run, spans, SpanKind.Client, kind, observer);
        // Both ends name the connection, so a request that one of them gave to another connection shows.
        Assert.Equal(Connections(spans, SpanKind.Client), Connections(spans, SpanKind.Server));
        Assert.All(spans, static span => Assert.Equal("https", span.Scheme));
    }

    private void ExpectEqual(FleetRun run, IReadOnlyList<HttpSpan> spans, SpanKind side, ServerKind kind, Observer observer)
    {
        var offset = MonotonicClock.UnixOffset();
        var result = run.CompareSpans([.. spans.Where(span => span.Kind == side)], unix => unix - offset, kind.Profile, Comparison);
        output.WriteLine($"{side}: {result}");
        Assert.True(result.IsEqual, $"{side}: {result}\n{observer.Describe()}");
        Assert.Equal(run.Expected.Count, result.Paired);
    }

    private static IEnumerable<(int Port, string? Path)> Connections(IEnumerable<HttpSpan> spans, SpanKind side) =>
        spans.Where(span => span.Kind == side).Select(static span => (span.Source.Port, span.Path)).Order();
}
