using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Beyla.Metrics;
using Beyla.Tests.Shared;

namespace Beyla.Exporters.Prometheus.Tests;

public sealed class PrometheusHttpServerTests : IDisposable
{
    private readonly HttpClient _client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("*", "127.0.0.1")]
    [InlineData("*", "[::1]")]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::", "[::1]")]
    [InlineData("::1", "[::1]")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("localhost", "[::1]")]
    public async Task The_metrics_are_served_at_their_path(string address, string host)
    {
        Assert.SkipWhen(host == "[::1]" && !HasLoopbackOfIPv6(), "this machine has no ::1");
        var store = new RedStore();
        store.Register(Scrape.Info()).Get("/");
        var port = LocalPort.Free();
        await using var server = PrometheusHttpServer.Start(store, new() { Port = port, Address = address });

        using var response = await _client.GetAsync(new Uri($"http://{host}:{port}/metrics"), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var page = Exposition.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Contains(page.Samples, sample => sample.Name == "http_server_request_duration_seconds_count" && sample.Value == 1);
    }

    [Fact]
    public async Task Other_paths_and_methods_are_refused()
    {
        var port = LocalPort.Free();
        await using var server = PrometheusHttpServer.Start(new(), new() { Port = port, Path = "/m" });

        using var other = await _client.GetAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Token);
        using var post = await _client.PostAsync(new Uri($"http://127.0.0.1:{port}/m"), null, Token);
        using var head = await _client.SendAsync(new(HttpMethod.Head, $"http://127.0.0.1:{port}/m"), Token);

        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Content.Headers.ContentLength > 0);
    }

    [Fact]
    public async Task A_client_that_takes_gzip_gets_it()
    {
        var port = LocalPort.Free();
        await using var server = PrometheusHttpServer.Start(new(), new() { Port = port });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/metrics");
        request.Headers.Add("Accept-Encoding", "gzip");

        using var response = await _client.SendAsync(request, Token);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var unzipped = new GZipStream(await response.Content.ReadAsStreamAsync(Token), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        Assert.Contains("beyla_build_info{", await reader.ReadToEndAsync(Token));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("identity, deflate", false)]
    [InlineData("deflate, GZIP;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip; q=0.000", false)]
    [InlineData("gzip;q=0.001", true)]
    public void Gzip_is_taken_when_it_is_named_and_not_refused(string? acceptEncoding, bool expected)
    {
        Assert.Equal(expected, MetricsResponse.AcceptsGzip(acceptEncoding));
    }

    [Fact]
    public async Task Several_pages_share_a_port_and_requests_are_counted()
    {
        var port = LocalPort.Free();
        await using var server = new PrometheusHttpServer(new() { Port = port });
        server.Map("/metrics", new RedMetricsPage(new()));
        server.Map("/internal/metrics", new GaugePage("beyla_one", 1));
        server.Map("/internal/metrics", new TelemetryPage(server));
        server.Start();

        await _client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Token);
        await _client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Token);
        var page = Exposition.Parse(await _client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/internal/metrics"), Token));

        Assert.Contains(page.Samples, sample => sample.Name == "beyla_one");
        var requests = page.Samples.Where(sample => sample.Name == "beyla_prometheus_http_requests_total").ToDictionary(sample => sample["path"]!, sample => sample.Value);
        Assert.Equal(2, requests["/metrics"]);
        Assert.Equal(1, requests["/internal/metrics"]);
    }

    [Fact]
    public async Task A_page_that_fails_is_a_failed_scrape_and_not_the_end()
    {
        var port = LocalPort.Free();
        await using var server = new PrometheusHttpServer(new() { Port = port });
        server.Map("/bad", new FailingPage());
        server.Map("/good", new GaugePage("beyla_one", 1));
        server.Start();

        using var bad = await _client.GetAsync(new Uri($"http://127.0.0.1:{port}/bad"), Token);
        using var good = await _client.GetAsync(new Uri($"http://127.0.0.1:{port}/good"), Token);

        Assert.Equal(HttpStatusCode.InternalServerError, bad.StatusCode);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public void A_port_in_use_is_told_in_one_line_with_a_way_out()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var exception = Assert.Throws<IOException>(() => PrometheusHttpServer.Start(new(), new() { Port = port }));

        Assert.Equal($"Can't serve Prometheus metrics on *, port {port}: the port is in use. Choose another Prometheus port, or stop the program that has this one.", exception.Message);
    }

    [Fact]
    public async Task A_port_that_another_server_of_the_process_has_is_in_use_too()
    {
        var port = LocalPort.Free();
        await using var first = PrometheusHttpServer.Start(new(), new() { Port = port });

        var exception = Assert.Throws<IOException>(() => PrometheusHttpServer.Start(new(), new() { Port = port }));

        Assert.Contains("the port is in use", exception.Message);
    }

    [Fact]
    public async Task After_disposal_nobody_listens_and_the_port_can_be_taken_again()
    {
        var port = LocalPort.Free();
        var server = PrometheusHttpServer.Start(new(), new() { Port = port });
        await _client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Token);
        await server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Token));
        await using var next = PrometheusHttpServer.Start(new(), new() { Port = port });
        await _client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Token);
    }

    [Fact]
    public void All_errors_of_the_options_are_told_at_once()
    {
        var errors = new List<string>();
        new PrometheusOptions { Port = 70_000, Path = "metrics", InternalPort = -1, InternalPath = "/a b", Address = "a b" }.Validate("prometheus", errors);

        Assert.Collection(
            errors,
            error => Assert.StartsWith("prometheus.Port is 70000:", error),
            error => Assert.StartsWith("prometheus.InternalPort is -1:", error),
            error => Assert.StartsWith("prometheus.InternalPath is '/a b':", error),
            error => Assert.StartsWith("prometheus.Path is 'metrics':", error),
            error => Assert.StartsWith("prometheus.Address is 'a b':", error));
        new PrometheusOptions().Validate("prometheus", errors);
        Assert.Equal(5, errors.Count);
    }

    [Theory]
    [InlineData("192.0.2.1", "this machine does not have that address")]
    [InlineData("no-such-host.invalid", "the host name is not known")]
    public void An_address_that_is_not_the_machine_s_is_told_with_a_way_out(string address, string expected)
    {
        var exception = Assert.Throws<IOException>(() => PrometheusHttpServer.Start(new(), new() { Port = 9400, Address = address }));

        Assert.StartsWith($"Can't serve Prometheus metrics on {address}, port 9400: {expected}. Choose one of", exception.Message);
    }

    [Fact]
    public async Task No_more_pages_are_made_at_once_than_there_is_memory_for()
    {
        var port = LocalPort.Free();
        using var page = new WaitingPage(PrometheusHttpServer.MaxPages);
        await using var server = new PrometheusHttpServer(new() { Port = port });
        server.Map("/metrics", page);
        server.Map("/internal/metrics", new TelemetryPage(server));
        server.Start();
        var url = new Uri($"http://127.0.0.1:{port}/metrics");

        var taken = Enumerable.Range(0, PrometheusHttpServer.MaxPages).Select(_ => _client.GetAsync(url, Token)).ToArray();
        await page.AllEntered;
        using var refused = await _client.GetAsync(url, Token);
        page.Leave();
        var answers = await Task.WhenAll(taken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        using var after = await _client.GetAsync(url, Token);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private static bool HasLoopbackOfIPv6()
    {
        try
        {
            using var probe = new TcpListener(IPAddress.IPv6Loopback, 0);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class WaitingPage(int expected) : IMetricsPage, IDisposable
    {
        private readonly ManualResetEventSlim _leave = new();
        private readonly TaskCompletionSource _allEntered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _entered;

        internal Task AllEntered => _allEntered.Task;

        public void Write(PrometheusTextWriter writer)
        {
            if (Interlocked.Increment(ref _entered) == expected)
            {
                _allEntered.SetResult();
            }

            _leave.Wait();
        }

        public void Dispose() => _leave.Dispose();

        internal void Leave() => _leave.Set();
    }

    private sealed class GaugePage(string name, long value) : IMetricsPage
    {
        public void Write(PrometheusTextWriter writer)
        {
            writer.Family(name, PrometheusMetricType.Gauge, "A gauge");
            writer.Sample(name, value);
        }
    }

    private sealed class FailingPage : IMetricsPage
    {
        public void Write(PrometheusTextWriter writer) => throw new InvalidOperationException("no metrics today");
    }
}
