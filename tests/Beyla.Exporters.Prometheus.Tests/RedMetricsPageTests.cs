using System.Buffers;
using Beyla.Attributes;
using Beyla.Metrics;
using Beyla.Tracing;
using Microsoft.Extensions.Time.Testing;

namespace Beyla.Exporters.Prometheus.Tests;

public sealed class RedMetricsPageTests
{
    [Fact]
    public void The_page_reads_like_this()
    {
        var store = new RedStore(new() { DurationBuckets = [0, 0.005, 1], RequestSizeBuckets = [0, 8192], ResponseSizeBuckets = [0, 8192] });
        var service = store.Register(Scrape.Info(@namespace: "web", resource: [("deployment.environment.name", "test"), ("service.version", "7")]));
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/orders/{id}", https: false, "10.0.0.1", 8080, 0.004, 0, 9000);
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/orders/{id}", https: false, "10.0.0.1", 8080, 0.5, -1, 9000);
        service.RecordHttp(SpanKind.Client, "POST"u8, 0, null, https: true, "api.example", 443, 2, -1, -1);
        const string Service = """service_name="shop",service_namespace="web",instance="node-1:42",job="web/shop" """;
        const string Server = Service + """http_request_method="GET",http_response_status_code="200",http_route="/orders/{id}",url_scheme="http",server_address="10.0.0.1",server_port="8080" """;
        const string Client = Service + """http_request_method="POST",url_scheme="https",server_address="api.example",server_port="443" """;

        var expected = $$"""
            # HELP beyla_build_info Version of the agent, for each language of observed services; the value is always 1
            # TYPE beyla_build_info gauge
            beyla_build_info{BUILD} 1
            # HELP target_info Observed services that are running; the value is always 1
            # TYPE target_info gauge
            target_info{{{Service}}host_name="node-1",host_id="0123456789abcdef",os_type="linux",telemetry_sdk_language="go",telemetry_sdk_name="beyla",telemetry_sdk_version="{{BeylaInstrumentation.Version}}",telemetry_distro_name="beyla-dotnet",telemetry_distro_version="{{BeylaInstrumentation.Version}}",source="beyla",deployment_environment_name="test"} 1
            # HELP http_server_request_duration_seconds Duration of HTTP server requests
            # TYPE http_server_request_duration_seconds histogram
            http_server_request_duration_seconds_bucket{{{Server}}le="0"} 0
            http_server_request_duration_seconds_bucket{{{Server}}le="0.005"} 1
            http_server_request_duration_seconds_bucket{{{Server}}le="1"} 2
            http_server_request_duration_seconds_bucket{{{Server}}le="+Inf"} 2
            http_server_request_duration_seconds_sum{{{Server}}} 0.504
            http_server_request_duration_seconds_count{{{Server}}} 2
            # HELP http_server_request_body_size_bytes Size of HTTP server request bodies
            # TYPE http_server_request_body_size_bytes histogram
            http_server_request_body_size_bytes_bucket{{{Server}}le="0"} 1
            http_server_request_body_size_bytes_bucket{{{Server}}le="8192"} 1
            http_server_request_body_size_bytes_bucket{{{Server}}le="+Inf"} 1
            http_server_request_body_size_bytes_sum{{{Server}}} 0
            http_server_request_body_size_bytes_count{{{Server}}} 1
            # HELP http_server_response_body_size_bytes Size of HTTP server response bodies
            # TYPE http_server_response_body_size_bytes histogram
            http_server_response_body_size_bytes_bucket{{{Server}}le="0"} 0
            http_server_response_body_size_bytes_bucket{{{Server}}le="8192"} 0
            http_server_response_body_size_bytes_bucket{{{Server}}le="+Inf"} 2
            http_server_response_body_size_bytes_sum{{{Server}}} 18000
            http_server_response_body_size_bytes_count{{{Server}}} 2
            # HELP http_client_request_duration_seconds Duration of HTTP client requests
            # TYPE http_client_request_duration_seconds histogram
            http_client_request_duration_seconds_bucket{{{Client}}le="0"} 0
            http_client_request_duration_seconds_bucket{{{Client}}le="0.005"} 0
            http_client_request_duration_seconds_bucket{{{Client}}le="1"} 0
            http_client_request_duration_seconds_bucket{{{Client}}le="+Inf"} 1
            http_client_request_duration_seconds_sum{{{Client}}} 2
            http_client_request_duration_seconds_count{{{Client}}} 1

            """.Replace("\" }", "\"}", StringComparison.Ordinal).Replace("\" ", "\",", StringComparison.Ordinal);

        Assert.Equal(expected, WithoutBuild(Scrape.Text(store, new() { HostName = "node-1", HostId = "0123456789abcdef", ExtraResourceAttributes = { "deployment_environment_name" } })));
    }

    [Fact]
    public void Calls_have_metrics_of_their_own()
    {
        var store = new RedStore();
        var service = store.Register(Scrape.Info());
        service.RecordRpc(new RpcMeasurement { Kind = SpanKind.Server, System = "grpc", Method = "shop.v1.Orders/Place", Status = "NOT_FOUND", ServerAddress = "10.0.0.1", ServerPort = 50051, DurationSeconds = 0.02 });
        service.RecordRpc(new RpcMeasurement { Kind = SpanKind.Client, System = "grpc", DurationSeconds = 3 });
        var text = Scrape.Text(store);
        Assert.Contains(
            "rpc_server_call_duration_seconds_count{service_name=\"shop\",instance=\"node-1:42\",job=\"shop\","
            + "rpc_method=\"shop.v1.Orders/Place\",rpc_system_name=\"grpc\",rpc_response_status_code=\"NOT_FOUND\",server_address=\"10.0.0.1\",server_port=\"50051\"} 1\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains("rpc_client_call_duration_seconds_sum{service_name=\"shop\",instance=\"node-1:42\",job=\"shop\",rpc_system_name=\"grpc\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE rpc_server_call_duration_seconds histogram\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_info_tells_version_and_revision()
    {
        var sample = Assert.Single(Exposition.Parse(Scrape.Text(new RedStore())).Samples);

        Assert.Equal("beyla_build_info", sample.Name);
        Assert.Null(sample["target_lang"]);
        Assert.Equal(1, sample.Value);
        Assert.Matches(@"^\d+\.\d+\.\d+", sample["version"]);
        Assert.Matches("^([0-9a-f]{40}|unknown)$", sample["revision"]);
        Assert.Equal(Environment.Version.ToString(), sample["dotnet_version"]);
    }

    [Fact]
    public void Build_info_has_a_series_for_each_language_that_is_observed()
    {
        var store = new RedStore();
        store.Register(Scrape.Info("a") with { Language = "go" });
        store.Register(Scrape.Info("b") with { Language = "java" });
        store.Register(Scrape.Info("c") with { Language = "go" });
        store.Retire(store.Register(Scrape.Info("d") with { Language = "ruby" }));

        var languages = Exposition.Parse(Scrape.Text(store)).Samples.Where(static sample => sample.Name == "beyla_build_info").Select(static sample => sample["target_lang"]);

        Assert.Equal(["go", "java"], languages);
        Assert.DoesNotContain("beyla_build_info", Scrape.Text(store, new() { DisableBuildInfo = true }));
    }

    [Fact]
    public void Target_info_exists_without_traffic_and_ends_with_the_process()
    {
        var store = new RedStore();
        var service = store.Register(Scrape.Info());
        Assert.Single(Exposition.Parse(Scrape.Text(store)).Samples, sample => sample.Name == "target_info");

        service.Get("/");
        store.Retire(service);

        var samples = Exposition.Parse(Scrape.Text(store)).Samples;
        Assert.DoesNotContain(samples, sample => sample.Name == "target_info");
        Assert.Contains(samples, sample => sample.Name == "http_server_request_duration_seconds_count");
    }

    [Fact]
    public void Resource_attributes_are_labels_where_they_are_asked_for_and_neither_repeat_nor_override_one()
    {
        var store = new RedStore();
        store.Register(Scrape.Info(resource: [("service.name", "other"), ("a.b", "1"), ("a_b", "2"), ("job", "x"), ("9lives", "cat"), ("le", "1"), ("http.route", "/x"), ("unasked", "y")])).Get("/");
        var options = new PrometheusOptions
        {
            ExtraResourceAttributes = { "service.name", "a_b", "9lives", "absent" },
            ResourceLabels = { "a.b", "a_b", "le", "http.route", "job" },
        };

        var page = Exposition.Parse(Scrape.Text(store, options));

        var info = Assert.Single(page.Samples, sample => sample.Name == "target_info");
        Assert.Equal(("shop", "1", "shop", "cat", "1", null), (info["service_name"], info["a_b"], info["job"], info["key_9lives"], info["le"], info["unasked"]));
        var sum = Assert.Single(page.Samples, sample => sample.Name == "http_server_request_duration_seconds_sum");
        Assert.Equal(("1", null, "/", "shop"), (sum["a_b"], sum["le"], sum["http_route"], sum["job"]));
        Assert.Null(sum["key_9lives"]);
    }

    [Fact]
    public void Target_info_has_the_resource_attributes_that_were_selected()
    {
        var options = new AttributeOptions();
        options.Select.Add(new AttributeSelection { Section = "resource", Include = { "telemetry.sdk.language", "host.*" }, Exclude = { "host_id" } });
        var store = new RedStore();
        store.Register(Scrape.Info() with { Selection = ResourceSelection.Of(options) });

        var info = Assert.Single(Exposition.Parse(Scrape.Text(store)).Samples, sample => sample.Name == "target_info");

        Assert.Equal(["host_name", "instance", "job", "service_name", "telemetry_sdk_language"], info.Labels.Select(label => label.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Series_have_the_labels_that_were_selected()
    {
        var attributes = new AttributeOptions();
        attributes.Select.Add(new AttributeSelection { Section = "http_server_request_duration_seconds", Exclude = { "server.*", "url.scheme" } });
        var store = new RedStore(attributes: attributes);
        var service = store.Register(Scrape.Info());
        service.Get("/a");
        service.Get("/a");

        var count = Assert.Single(Exposition.Parse(Scrape.Text(store)).Samples, sample => sample.Name == "http_server_request_duration_seconds_count");

        Assert.Equal(2, count.Value);
        Assert.Equal(["http_request_method", "http_response_status_code", "http_route", "instance", "job", "service_name"], count.Labels.Select(label => label.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_overflow_series_has_the_overflow_label_alone()
    {
        var store = new RedStore(new() { MaxSeriesPerService = 1 });
        var service = store.Register(Scrape.Info());
        service.Get("/a");
        service.Get("/b");

        var overflow = Assert.Single(
            Exposition.Parse(Scrape.Text(store)).Samples,
            sample => sample.Name == "http_server_request_duration_seconds_count" && sample["otel_metric_overflow"] is not null);

        Assert.Equal("true", overflow["otel_metric_overflow"]);
        Assert.Null(overflow["http_request_method"]);
        Assert.Equal("shop", overflow["service_name"]);
    }

    [Fact]
    public void A_series_is_written_to_its_last_millisecond_and_begins_anew_at_zero()
    {
        var time = new FakeTimeProvider();
        var store = new RedStore(new() { Ttl = TimeSpan.FromMinutes(5) }, time);
        var service = store.Register(Scrape.Info());
        service.Get("/idle");
        service.Get("/idle");
        time.Advance(TimeSpan.FromMinutes(3));
        service.Get("/busy");
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([("/idle", 2), ("/busy", 1)], Counts());

        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([("/busy", 1)], Counts());

        service.Get("/idle");
        Assert.Equal([("/busy", 1), ("/idle", 1)], Counts().OrderBy(static count => count.Item1));

        time.Advance(TimeSpan.FromMinutes(10));
        var page = Exposition.Parse(Scrape.Text(store));
        Assert.DoesNotContain(page.Types, type => type.Value == "histogram");
        Assert.Contains(page.Samples, sample => sample.Name == "target_info");

        IEnumerable<(string?, double)> Counts() => Exposition.Parse(Scrape.Text(store)).Samples
            .Where(static sample => sample.Name == "http_server_request_duration_seconds_count").Select(static sample => (sample["http_route"], sample.Value));
    }

    [Fact]
    public void Without_a_time_to_live_a_series_stays()
    {
        var time = new FakeTimeProvider();
        var store = new RedStore(new() { Ttl = TimeSpan.Zero }, time);
        store.Register(Scrape.Info()).Get("/");

        time.Advance(TimeSpan.FromDays(365));
        store.Sweep();

        Assert.Contains(Exposition.Parse(Scrape.Text(store)).Samples, static sample => sample.Name == "http_server_request_duration_seconds_count");
    }

    [Fact]
    public void Requests_are_recorded_while_a_page_is_being_written()
    {
        var store = new RedStore();
        var service = store.Register(Scrape.Info());
        service.Get("/a");
        service.Get("/b");
        var output = new HookedWriter();
        output.Hook = () => Assert.True(Task.Run(() =>
        {
            service.Get("/a");
            service.Get("/new");
            store.Retire(store.Register(Scrape.Info("other")));
        }).Wait(TimeSpan.FromSeconds(60)), "Recording waits for the page.");

        new RedMetricsPage(store).Write(new(output));

        Assert.True(output.Hooked > 10);
        var counts = Exposition.Parse(Scrape.Text(store)).Samples.Where(static sample => sample.Name == "http_server_request_duration_seconds_count").ToDictionary(static sample => sample["http_route"]!, static sample => sample.Value);
        Assert.Equal((1 + output.Hooked, output.Hooked), (counts["/a"], counts["/new"]));
    }

    /// <summary>Lets something else happen between any two pieces of a page.</summary>
    private sealed class HookedWriter : IBufferWriter<byte>
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        internal Action Hook { get; set; } = static () => { };

        internal int Hooked { get; private set; }

        public void Advance(int count)
        {
            Hooked++;
            Hook();
            _bytes.Advance(count);
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);
    }

    private static string WithoutBuild(string text)
    {
        var start = text.IndexOf("beyla_build_info{", StringComparison.Ordinal) + "beyla_build_info{".Length;
        return text[..start] + "BUILD" + text[text.IndexOf('}', start)..];
    }
}
