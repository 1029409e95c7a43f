using System.Net;
using System.Net.Sockets;
using Beyla.Metrics;
using Beyla.Telemetry;
using Beyla.Tests.Shared;

namespace Beyla.Exporters.Prometheus.Tests;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly HttpClient _client = new();
    private readonly RedStore _store = new();

    public PrometheusExporterTests() => _store.Register(Scrape.Info()).Get("/");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IInstrumentationSession Session => new StoreSession(_store, new OneCounter());

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_session_s_own_page_has_the_same_port_or_one_of_its_own(bool hasOwnPort)
    {
        var (port, internalPort) = FreePorts();
        await using var exporter = new PrometheusExporter(new() { Port = port, InternalPort = hasOwnPort ? internalPort : 0, InternalPath = "/internal/metrics" });
        await exporter.StartAsync(Session, Token);

        var red = await GetAsync(port, "/metrics");
        var own = await GetAsync(hasOwnPort ? internalPort : port, "/internal/metrics");

        Assert.Contains("http_server_request_duration_seconds_count{", red);
        Assert.DoesNotContain("beyla_one_total", red);
        Assert.Contains("beyla_one_total{a=\"b\"} 1\n", own);
        Assert.DoesNotContain("http_server_request_duration_seconds_count{", own);
        using var elsewhere = await _client.GetAsync(Url(hasOwnPort ? internalPort : port, "/metrics"), Token);
        Assert.Equal(hasOwnPort ? HttpStatusCode.NotFound : HttpStatusCode.OK, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Both_pages_may_be_one()
    {
        var (port, _) = FreePorts();
        await using var exporter = new PrometheusExporter(new() { Port = port, InternalPath = "/metrics" });
        await exporter.StartAsync(Session, Token);

        var page = Exposition.Parse(await GetAsync(port, "/metrics"));

        Assert.Contains(page.Samples, static sample => sample.Name == "beyla_one_total");
        Assert.Contains(page.Samples, static sample => sample.Name == "http_server_request_duration_seconds_count");
    }

    [Fact]
    public async Task The_session_s_own_page_may_be_the_only_one()
    {
        var (_, port) = FreePorts();
        await using var exporter = new PrometheusExporter(new() { InternalPort = port, InternalPath = "/internal/metrics" });
        await exporter.StartAsync(Session, Token);

        Assert.Contains("beyla_one_total", await GetAsync(port, "/internal/metrics"));
        Assert.Equal($"port {port}, path /internal/metrics", exporter.ToString());
    }

    [Fact]
    public async Task A_port_that_is_taken_costs_only_its_own_page()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        var (port, _) = FreePorts();
        await using var exporter = new PrometheusExporter(new() { Port = port, InternalPort = taken, InternalPath = "/internal/metrics" });

        var exception = await Assert.ThrowsAsync<IOException>(async () => await exporter.StartAsync(Session, Token));

        Assert.Equal($"Can't serve Prometheus metrics on *, port {taken}: the port is in use. Choose another Prometheus port, or stop the program that has this one.", exception.Message);
        Assert.Contains("http_server_request_duration_seconds_count{", await GetAsync(port, "/metrics"));
    }

    [Fact]
    public async Task Two_exporters_on_one_port_are_told_apart_by_their_failure()
    {
        var (port, _) = FreePorts();
        await using var first = new PrometheusExporter(new() { Port = port });
        await using var second = new PrometheusExporter(new() { Port = port, Path = "/other" });
        await first.StartAsync(Session, Token);

        await Assert.ThrowsAsync<IOException>(async () => await second.StartAsync(Session, Token));

        Assert.Contains("http_server_request_duration_seconds_count{", await GetAsync(port, "/metrics"));
    }

    [Fact]
    public async Task The_pages_stay_after_the_stop_until_the_disposal()
    {
        var (port, _) = FreePorts();
        var exporter = new PrometheusExporter(new() { Port = port });
        await exporter.StartAsync(Session, Token);
        await exporter.StopAsync(Token);
        Assert.Contains("http_server_request_duration_seconds_count{", await GetAsync(port, "/metrics"));

        await exporter.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(port, "/metrics"));
    }

    [Fact]
    public async Task Scrapes_are_counted_by_port_and_path()
    {
        var (port, internalPort) = FreePorts();
        await using var exporter = new PrometheusExporter(new() { Port = port, InternalPort = internalPort, InternalPath = "/internal/metrics" });
        await exporter.StartAsync(Session, Token);
        await GetAsync(port, "/metrics");
        await GetAsync(port, "/metrics");
        await GetAsync(internalPort, "/internal/metrics");

        var requests = TelemetryValues.Of(exporter).ByInstrument.Single(static pair => pair.Key.Name == "beyla.prometheus.http.requests").Value;

        Assert.Equal([($"{port}", "/metrics", 2), ($"{internalPort}", "/internal/metrics", 1)], requests.Select(static value => (value.Attributes[0], value.Attributes[1], (int)value.Value)));
    }

    [Fact]
    public void Options_that_serve_nothing_or_nonsense_are_refused_with_all_their_errors()
    {
        var nothing = Assert.Throws<ArgumentException>(static () => new PrometheusExporter(new()));
        var nonsense = Assert.Throws<ArgumentException>(static () => new PrometheusExporter(new() { Port = -1, Path = "x" }));

        Assert.Contains("Port is 0", nothing.Message);
        Assert.Contains("Port is -1", nonsense.Message);
        Assert.Contains("Path is 'x'", nonsense.Message);
    }

    private static Uri Url(int port, string path) => new($"http://127.0.0.1:{port}{path}");

    private static (int First, int Second) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Any, 0);
        using var second = new TcpListener(IPAddress.Any, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }

    private Task<string> GetAsync(int port, string path) => _client.GetStringAsync(Url(port, path), Token);

    private sealed class OneCounter : ITelemetrySource
    {
        private static readonly TelemetryInstrument One = new("beyla.one", TelemetryInstrumentKind.Counter, "{one}", "One", "a");

        public void Collect(ITelemetryVisitor visitor) => visitor.Visit(One, 1, "b");
    }
}
