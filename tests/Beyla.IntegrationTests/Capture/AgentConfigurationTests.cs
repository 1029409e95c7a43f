using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>The agent as users run it: with a file, on a real server.</summary>
[Trait("kind", "capture")]
public sealed class AgentConfigurationTests(ITestOutputHelper output)
{
    private const int Asked = 7;

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_says_whom_to_observe_how_to_call_it_and_where_to_send_what_is_seen()
    {
        Root.Require();
        await using var server = await NamedServer.StartAsync("configured", Cancellation);
        var (port, internalPort) = (LocalPort.Free(), LocalPort.Free());
        using var file = new TemporaryDirectory();
        await File.WriteAllTextAsync(file.File("beyla.yml"), $$"""
            discovery:
              instrument:
                - open_ports: ${SERVER_PORT}
                  name: shop
                  namespace: test
            routes:
              patterns: ["/user/{id}"]
              ignored_patterns: [/healthz]
              unmatched: path
            filter:
              application:
                url.path: {not_match: "*/private"}
            trace_printer: json
            prometheus_export:
              port: {{Text(port)}}
              address: 127.0.0.1
            internal_metrics:
              prometheus: {port: {{Text(internalPort)}}, path: /i}
            """, Cancellation);
        await using var agent = await AgentProcess.StartAsync(
            new Dictionary<string, string> { ["BEYLA_CONFIG_PATH"] = file.File("beyla.yml"), ["SERVER_PORT"] = Text(server.Port) });
        await agent.WaitForPortAsync(internalPort, TimeSpan.FromSeconds(60), Cancellation);
        for (var i = 0; i < Asked; i++)
        {
            await Requests.GetAsync(server.Port, $"/user/{i}", Cancellation);
            await Requests.GetAsync(server.Port, "/healthz", Cancellation);
            await Requests.GetAsync(server.Port, "/user/private", Cancellation);
        }

        await Requests.GetAsync(server.Port, "/last", Cancellation);
        await Poll.UntilAsync(() => Spans(agent).Any(static span => Attribute(span, "url") == "/last"), () => agent.Output, Cancellation);
        output.WriteLine(agent.Output);
        var spans = Spans(agent);
        Assert.Equal(
            [.. Enumerable.Range(0, Asked).Select(static i => $"GET /user/{i} (/user/{{id}}) 200"), "GET /last (/last) 200"],
            spans.Select(static span => $"{Attribute(span, "method")} {Attribute(span, "url")} ({Attribute(span, "route")}) {Attribute(span, "status")}"));
        Assert.All(spans, span =>
        {
            Assert.Equal(("HTTP", "SPAN_KIND_SERVER", "shop"), (Member(span, "type"), Member(span, "kind"), Member(span, "hostName")));
            Assert.Equal(Text(server.Port), Member(span, "hostPort"));
            Assert.True(long.Parse(Member(span, "end")!, CultureInfo.InvariantCulture) >= long.Parse(Member(span, "start")!, CultureInfo.InvariantCulture));
        });

        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri($"http://127.0.0.1:{Text(port)}/metrics"), Cancellation);
        var count = Assert.Single(page.Split('\n'), static line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal) && line.Contains("http_route=\"/user/{id}\"", StringComparison.Ordinal));
        Assert.Contains("service_name=\"shop\",service_namespace=\"test\"", count, StringComparison.Ordinal);
        Assert.EndsWith($" {Text(Asked)}", count, StringComparison.Ordinal);
        Assert.DoesNotContain("healthz", page, StringComparison.Ordinal);
        var account = await client.GetStringAsync(new Uri($"http://127.0.0.1:{Text(internalPort)}/i"), Cancellation);
        Assert.Contains($"beyla_exchanges_captured_total {Text((3 * Asked) + 1)}\n", account, StringComparison.Ordinal);
        Assert.Contains($"beyla_exchanges_exported_total {Text(Asked + 1)}\n", account, StringComparison.Ordinal);
        Assert.Contains($"beyla_exchanges_filtered_total {Text(2 * Asked)}\n", account, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_and_a_collector_that_is_not_there_do_not_keep_the_agent_from_observing()
    {
        Root.Require();
        await using var server = await NamedServer.StartAsync("unharmed", Cancellation);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var agent = await AgentProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["BEYLA_OPEN_PORT"] = Text(server.Port),
                ["BEYLA_TRACE_PRINTER"] = "text",
                ["BEYLA_PROMETHEUS_PORT"] = Text(port),
                ["BEYLA_PROMETHEUS_ADDRESS"] = "127.0.0.1",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{Text(LocalPort.Free())}",
            });
        await Poll.UntilAsync(() => agent.Output.Contains("PrometheusExporter could not start", StringComparison.Ordinal), () => agent.Output, Cancellation);
        Assert.Matches($"port {Text(port)}.*in use", agent.Output);
        await Requests.GetAsync(server.Port, "/seen", Cancellation);
        await Poll.UntilAsync(() => agent.Output.Contains(" 200 GET /seen", StringComparison.Ordinal), () => agent.Output, Cancellation);
        output.WriteLine(agent.Output);
    }

    [Fact]
    public async Task Spans_metrics_and_the_account_go_to_the_collector_that_the_file_names()
    {
        Root.Require();
        await using var server = await NamedServer.StartAsync("exported", Cancellation);
        using var collector = new HttpListener();
        var url = $"http://127.0.0.1:{Text(LocalPort.Free())}/";
        collector.Prefixes.Add(url);
        collector.Start();
        using var file = new TemporaryDirectory();
        await File.WriteAllTextAsync(file.File("beyla.yml"), $$"""
            open_port: {{Text(server.Port)}}
            service_name: collected
            otel_traces_export: &otlp
              endpoint: {{url}}traces/here
              protocol: http/protobuf
              headers: {x-tenant: "${TENANT}" }
              compression: gzip
            otel_metrics_export:
              <<: *otlp
              endpoint: {{url}}metrics/here
              interval: 200ms
            internal_metrics: {exporter: otel}
            """, Cancellation);
        await using var agent = await AgentProcess.StartAsync(
            new Dictionary<string, string> { ["TENANT"] = "seven", ["BEYLA_OTLP_TRACES_BATCH_TIMEOUT"] = "100ms" }, "--config", file.File("beyla.yml"));
        var received = new Dictionary<string, string> { ["/traces/here"] = "", ["/metrics/here"] = "" };
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asks = AskAsync(server.Port, asking.Token);
        while (!(received["/traces/here"].Contains("/exported", StringComparison.Ordinal)
            && received["/metrics/here"].Contains("http.server.request.duration", StringComparison.Ordinal)
            && received["/metrics/here"].Contains("beyla.internal.build.info", StringComparison.Ordinal)))
        {
            var request = await collector.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            Assert.Equal(("seven", "gzip", "application/x-protobuf"), (request.Request.Headers["x-tenant"], request.Request.Headers["Content-Encoding"], request.Request.ContentType));
            using var content = new MemoryStream();
            await using (var plain = new GZipStream(request.Request.InputStream, CompressionMode.Decompress))
            {
                await plain.CopyToAsync(content, Cancellation);
            }

            received[request.Request.Url!.AbsolutePath] += Encoding.UTF8.GetString(content.ToArray());
            request.Response.Close();
        }

        await asking.CancelAsync();
        await asks;
        Assert.All(received.Values, content => Assert.Contains("collected", content, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_that_are_wrong_end_it_with_255_and_all_of_them()
    {
        using var file = new TemporaryDirectory();
        await File.WriteAllTextAsync(file.File("beyla.yml"), "open_port: 80\nprometheus_export:\n  port: 99999\n  pth: /m\n", Cancellation);
        await using var agent = await AgentProcess.StartAsync(new Dictionary<string, string> { ["OTEL_TRACES_SAMPLER"] = "sometimes" }, "-config", file.File("beyla.yml"));
        Assert.Equal(255, await agent.WaitForExitAsync(Cancellation));
        await Poll.UntilAsync(() => agent.Output.Contains("OTEL_TRACES_SAMPLER is 'sometimes'", StringComparison.Ordinal), () => agent.Output, Cancellation);
        Assert.Contains("beyla.yml:3:9: prometheus_export.port is '99999'", agent.Output, StringComparison.Ordinal);
        Assert.Contains("beyla.yml:4:3: prometheus_export.pth is not known; did you mean prometheus_export.path?", agent.Output, StringComparison.Ordinal);
    }

    private static async Task AskAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Requests.GetAsync(port, "/exported", cancellationToken);
                await Task.Delay(100, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was asked.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static List<JsonElement> Spans(TargetProcess agent) =>
        [.. agent.Output.Split('\n').Where(static line => line.StartsWith("[{", StringComparison.Ordinal)).SelectMany(static line => JsonDocument.Parse(line).RootElement.EnumerateArray())];

    private static string? Member(JsonElement span, string name) => span.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string? Attribute(JsonElement span, string name) => Member(span.GetProperty("attributes"), name);
}
