using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Beyla.Discovery;
using Beyla.Exporters.Prometheus;
using Beyla.IntegrationTests.Capture;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;
using Beyla.Metrics;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Scraping;

/// <summary>A real Prometheus scrapes what a session has seen of a real server, and answers the documentation's queries with the truth.</summary>
[Trait("kind", "capture")]
public sealed class PrometheusTests(ITestOutputHelper output)
{
    private const string Duration = "http_server_request_duration_seconds";
    private const string InternalPath = "/internal/metrics";
    private const int Unanswered = 2;

    // Enough scrapes for a rate to be worth its name.
    private const int Scrapes = 10;

    // The increase in a window reaches to its ends, half a scrape interval at the start and one more at the end.
    private const double MostExtrapolated = 1 + (1.7 / (Scrapes - 1));

    private const double RangeSeconds = 300;

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_documented_queries_answer_with_the_truth()
    {
        await using var server = await FleetServer.StartAsync(Servers.Go, Cancellation);
        await using var mute = await OddServer.StartAsync("mute", Cancellation);
        var port = LocalPort.Free();
        await using var session = await StartAsync([server.Endpoint.Port, mute.Port], new() { Port = port, InternalPath = InternalPath, Address = "localhost" });
        var before = await PlayAsync(server, 2, 1000);
        await LeaveUnansweredAsync(mute, 1);
        await CapturedAsync(session, before.Count + 1);

        await using var prometheus = await PrometheusServer.StartAsync([($"localhost:{port}", "/metrics"), ($"127.0.0.1:{port}", InternalPath)], Cancellation);
        await prometheus.UntilAsync($"sum({Duration}_count)", before.Count + 1, Cancellation);
        var after = await PlayAsync(server, 8, 5000);
        await LeaveUnansweredAsync(mute, Unanswered);
        IReadOnlyList<TruthRecord> all = [.. before, .. after];
        await prometheus.UntilAsync($"sum({Duration}_count)", all.Count + 1 + Unanswered, Cancellation);
        await Poll.UntilAsync(
            async () => await prometheus.ValueAsync($"min(count_over_time({Duration}_count[5m]))", Cancellation) >= Scrapes, static () => "too few scrapes", Cancellation);

        await ExpectCountsAsync(prometheus, all);
        await ExpectSizesAsync(prometheus, all);
        await ExpectQueriesAsync(prometheus, after, session.Processes.Single(process => process.ProcessId == server.Process.Id).Service!.Name);
        await ExpectAccountAsync(prometheus, all.Count + 1 + Unanswered);
        await ExpectPagesAsync(port);
        Assert.Equal(("histogram", "seconds"), await prometheus.MetadataAsync(Duration, Cancellation));
        foreach (var (title, query) in (IEnumerable<(string, string)>)[.. DocumentedQueries.Of("README.md"), .. DocumentedQueries.Of("docs/internal-metrics.md")])
        {
            var answer = await prometheus.QueryAsync(query, Cancellation);
            output.WriteLine($"{title} {query}: {answer.Count} series");
        }
    }

    [Fact]
    public async Task Exemplars_lead_from_a_bucket_to_the_trace_of_a_request_in_it()
    {
        Root.Require();
        var address = LocalPort.HasIPv6() ? "::1" : "127.0.0.1";
        await using var server = await FleetServer.StartAsync(Servers.Go, Cancellation);
        var sink = new CountingSink(static (_, _) => Task.CompletedTask);
        var port = LocalPort.Free();
        await using var session = InstrumentationSession.CreateBuilder()
            .Configure(options =>
            {
                options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
                options.Metrics.ExemplarFilter = ExemplarFilter.TraceBased;
            })
            .AddSink(sink)
            .AddExporter(new PrometheusExporter(new() { Port = port, Address = address }))
            .Build();
        await session.StartAsync(Cancellation);
        await using var prometheus = await PrometheusServer.StartAsync([(new IPEndPoint(IPAddress.Parse(address), port).ToString(), "/metrics")], Cancellation);
        var requests = await PlayAsync(server, 2, 1000);
        await prometheus.UntilAsync($"sum({Duration}_count)", requests.Count, Cancellation);
        await Poll.UntilAsync(() => sink.Taken.Count == requests.Count, () => $"{sink.Taken.Count} spans", Cancellation);

        var exemplars = await prometheus.ExemplarsAsync($"{Duration}_bucket", Cancellation);

        Assert.True(exemplars.Count >= 2, $"{exemplars.Count} exemplars");
        var spans = sink.Taken.Cast<HttpSpan>().ToDictionary(static span => span.TraceId.ToString());
        foreach (var (series, labels, value, time) in exemplars)
        {
            var span = spans[labels["trace_id"]];
            Assert.Equal(span.SpanId.ToString(), labels["span_id"]);
            Assert.Equal(span.Duration.TotalSeconds, value, 1e-6);
            Assert.Equal((span.Route, span.Method, $"{span.StatusCode}"), (series["http_route"], series["http_request_method"], series["http_response_status_code"]));
            var (least, most) = BucketOf(value);
            Assert.Equal(most, double.Parse(series["le"], CultureInfo.InvariantCulture));
            Assert.InRange(value, least, most);
            Assert.Equal(0, time * 1000 % 1, 1e-3);
            Assert.InRange(time, DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeSeconds());
        }
    }

    [Fact]
    public async Task The_agent_of_a_Beyla_configuration_is_scraped()
    {
        Root.Require();
        await using var server = await FleetServer.StartAsync(Servers.Go, Cancellation);
        using var folder = new TemporaryDirectory();
        var port = LocalPort.Free();
        var configuration = folder.File("beyla.yml");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            discovery: {instrument: [{open_ports: {{server.Endpoint.Port}}, name: shop, namespace: test}]}
            routes: {patterns: ['/user/{id}/info', '/status/201/{id}', '/status/404/{id}', '/status/503/{id}']}
            prometheus_export: {port: {{port}}, path: /all, ttl: 1m}
            internal_metrics: {exporter: prometheus, prometheus: {path: /all} }
            """,
            Cancellation);
        await using var agent = await AgentProcess.StartAsync("-config", configuration);
        await Poll.UntilAsync(() => agent.Output.Contains("as service shop", StringComparison.Ordinal), () => agent.Output, Cancellation);
        await using var prometheus = await PrometheusServer.StartAsync([($"localhost:{port}", "/all")], Cancellation);
        var requests = await PlayAsync(server, 2, 1000);

        await prometheus.UntilAsync($"sum({Duration}_count{{service_name=\"shop\",service_namespace=\"test\",job=\"test/shop\"}})", requests.Count, Cancellation);
        await ExpectCountsAsync(prometheus, requests);
        await ExpectSizesAsync(prometheus, requests);
        await prometheus.UntilAsync("sum(beyla_exchanges_exported_total)", requests.Count, Cancellation);
        Assert.Equal(1, await prometheus.ValueAsync("count(beyla_build_info{target_lang=\"go\"})", Cancellation));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_limitation_and_the_session_captures_all_the_same()
    {
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var session = await StartAsync([server.Port], new() { Port = server.Port, InternalPort = LocalPort.Free(), InternalPath = InternalPath });
        await Requests.GetAsync(server.Port, "/seen", Cancellation);

        await CapturedAsync(session, 1);
        var limitation = Assert.Single(session.GetStatistics().Limitations);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"PrometheusExporter could not start: Can't serve Prometheus metrics on *, port {server.Port}: the port is in use. Choose another Prometheus port, or stop the program that has this one."),
            limitation);
    }

    private static async Task<IInstrumentationSession> StartAsync(int[] ports, PrometheusOptions prometheus)
    {
        Root.Require();
        var session = InstrumentationSession.CreateBuilder()
            .Configure(options =>
            {
                foreach (var port in ports)
                {
                    options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(port) });
                }

                foreach (var route in KnownLoad.Routes.Keys)
                {
                    options.Routes.Patterns.Add(route);
                }

                options.Capture.ProgramStatistics = true;
            })
            .AddExporter(new PrometheusExporter(prometheus))
            .Build();
        await session.StartAsync(Cancellation);
        return session;
    }

    private static async Task<IReadOnlyList<TruthRecord>> PlayAsync(FleetServer server, int scale, int first) =>
        (await server.PlayAsync(LoadMix.Of(KnownLoad.Build(scale, first), workers: 4), Cancellation)).Expected;

    private static async Task LeaveUnansweredAsync(OddServer mute, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            var before = Read();
            using var connection = await Requests.ConnectAsync(mute.Endpoint, Cancellation);
            await connection.SendAsync("GET /user/1/info HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
            await Poll.UntilAsync(() => Read() > before, static () => "not read", Cancellation);
        }

        int Read() => mute.Process.Output.Split("done").Length;
    }

    private static Task CapturedAsync(IInstrumentationSession session, int requests) =>
        Poll.UntilAsync(() => session.GetStatistics().Captured == requests, () => session.GetStatistics().ToString(), Cancellation);

    /// <summary>Every request, once, under its route and status.</summary>
    private static async Task ExpectCountsAsync(PrometheusServer prometheus, IReadOnlyList<TruthRecord> requests)
    {
        var counted = await prometheus.QueryAsync($"sum by (http_route, http_response_status_code) ({Duration}_count{{http_response_status_code!=\"\"}})", Cancellation);

        Assert.Equal(
            requests.CountBy(static request => (KnownLoad.RouteOf(request), $"{request.Status}", 0)).Select(static pair => (pair.Key.Item1, pair.Key.Item2, (double)pair.Value)).Order(),
            counted.Select(static series => (series.Labels["http_route"], series.Labels["http_response_status_code"], series.Value)).Order());
    }

    private static async Task ExpectSizesAsync(PrometheusServer prometheus, IReadOnlyList<TruthRecord> requests)
    {
        Assert.Equal(
            requests.Count(static request => KnownLoad.RouteOf(request) == KnownLoad.CreatedRoute) * KnownLoad.CreatedBytes,
            await prometheus.ValueAsync($"sum(http_server_request_body_size_bytes_sum{{http_route=\"{KnownLoad.CreatedRoute}\"}})", Cancellation));
        Assert.Equal(
            requests.Count(static request => KnownLoad.RouteOf(request) == KnownLoad.UserRoute) * KnownLoad.UserBytes,
            await prometheus.ValueAsync($"sum(http_server_response_body_size_bytes_sum{{http_route=\"{KnownLoad.UserRoute}\"}})", Cancellation));
    }

    private static async Task ExpectQueriesAsync(PrometheusServer prometheus, IReadOnlyList<TruthRecord> requests, string service)
    {
        var queries = DocumentedQueries.Of("docs/metrics.md").ToDictionary(static query => query.Title, static query => query.Query);

        foreach (var (labels, rate) in await OfServiceAsync("Rate: requests per second by service and route"))
        {
            var truth = requests.Count(request => KnownLoad.RouteOf(request) == labels["http_route"]);
            Assert.InRange(rate * RangeSeconds, truth * 0.999999, truth * MostExtrapolated);
        }

        var errors = Assert.Single(await OfServiceAsync("Errors: share of requests answered with 5xx"));
        Assert.Equal((double)requests.Count(static request => request.Status >= 500) / requests.Count, errors.Value, 1e-9);

        var percentiles = await OfServiceAsync("Duration: 95th percentile by route");
        Assert.Equal(KnownLoad.Routes.Keys.Order(), percentiles.Select(static series => series.Labels["http_route"]).Order());
        foreach (var (labels, value) in percentiles)
        {
            // Whatever the machine does meanwhile, a request takes longer than its handler and shorter than its client.
            var own = requests.Where(request => KnownLoad.RouteOf(request) == labels["http_route"]).ToArray();
            var (least, _) = BucketOf(Percentile(own.Select(static request => request.Inner!.Value), 0.95));
            var (_, most) = BucketOf(Percentile(own.Select(static request => request.Outer!.Value), 0.95));
            Assert.InRange(value, least, most);
        }

        var mean = Assert.Single(await OfServiceAsync("Duration: mean"));
        Assert.InRange(mean.Value, requests.Average(static request => Seconds(request.Inner!.Value)), requests.Average(static request => Seconds(request.Outer!.Value)));

        var unanswered = Assert.Single(await prometheus.QueryAsync(queries["Requests that got no response"], Cancellation));
        Assert.InRange(unanswered.Value * RangeSeconds, Unanswered * 0.999999, Unanswered * MostExtrapolated);

        var joined = Assert.Single(await prometheus.QueryAsync(queries["Add what target_info knows to a rate"], Cancellation), series => series.Labels["job"] == service);
        Assert.Equal(("go", Environment.MachineName), (joined.Labels["telemetry_sdk_language"], joined.Labels["host_name"]));
        Assert.InRange(joined.Value * RangeSeconds, requests.Count * 0.999999, requests.Count * MostExtrapolated);

        async Task<(IReadOnlyDictionary<string, string> Labels, double Value)[]> OfServiceAsync(string title) =>
            [.. (await prometheus.QueryAsync(queries[title], Cancellation)).Where(series => series.Labels["service_name"] == service)];
    }

    /// <summary>The session's own page, as Prometheus has it, balances.</summary>
    private static async Task ExpectAccountAsync(PrometheusServer prometheus, int requests)
    {
        Assert.Equal(requests, await prometheus.ValueAsync("sum(beyla_exchanges_captured_total)", Cancellation));
        Assert.Equal(0, await prometheus.ValueAsync(
            "sum(beyla_exchanges_captured_total) - sum(beyla_exchanges_exported_total) - sum(beyla_exchanges_filtered_total)"
            + " - sum(beyla_exchanges_sampled_total) - sum(beyla_exchanges_dropped_total)",
            Cancellation));
        Assert.Equal(2, await prometheus.ValueAsync("sum(beyla_instrumented_processes)", Cancellation));
        Assert.Equal(1, await prometheus.ValueAsync("beyla_session_running", Cancellation));
        Assert.True(await prometheus.ValueAsync("sum(beyla_bpf_probe_executions_total)", Cancellation) >= 2 * requests);
        Assert.True(await prometheus.ValueAsync("sum(beyla_bpf_probe_latency_seconds_total)", Cancellation) > 0);
        Assert.Equal(2, await prometheus.ValueAsync("sum(beyla_bpf_map_entries{map_name=\"watched\"})", Cancellation));
        Assert.True(await prometheus.ValueAsync("rate(process_cpu_seconds_total[5m])", Cancellation) > 0);
        Assert.True(await prometheus.ValueAsync("sum(beyla_prometheus_http_requests_total{path=\"/metrics\"})", Cancellation) >= Scrapes - 1);
    }

    private static async Task ExpectPagesAsync(int port)
    {
        var promtool = Tooling.Require(new Tool("promtool", "prometheus"));
        using var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")) };
        foreach (var path in (string[])["/metrics", InternalPath])
        {
            var page = await http.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation);
            using var check = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            await check.StandardInput.WriteAsync(page);
            check.StandardInput.Close();
            Assert.Equal("", await check.StandardOutput.ReadToEndAsync(Cancellation) + await check.StandardError.ReadToEndAsync(Cancellation));
            if (path == InternalPath)
            {
                ExpectDocumented(page);
            }
        }
    }

    private static void ExpectDocumented(string page, [CallerFilePath] string caller = "")
    {
        var document = File.ReadAllText(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "..", "docs", "internal-metrics.md"));
        var families = page.Split('\n').Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static line => line.Split(' ')[2]).ToArray();
        Assert.True(families.Length > 20, page);
        Assert.All(families, family => Assert.Contains($"| `{family}` |", document));
    }

    private static double Percentile(IEnumerable<TimeRange> times, double share)
    {
        var sorted = times.Select(Seconds).Order().ToArray();
        return sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }

    private static (double Least, double Most) BucketOf(double seconds)
    {
        var bounds = new RedOptions().DurationBuckets;
        return (bounds.LastOrDefault(bound => bound < seconds), bounds.FirstOrDefault(bound => bound >= seconds, double.PositiveInfinity));
    }

    private static double Seconds(TimeRange time) => (time.End - time.Start) / 1e9;
}
