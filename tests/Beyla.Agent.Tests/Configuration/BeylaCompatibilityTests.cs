using Beyla.Agent.Configuration;
using Beyla.Discovery;

namespace Beyla.Agent.Tests.Configuration;

/// <summary>What users of Beyla have today is understood, and what is not available is named.</summary>
public sealed class BeylaCompatibilityTests
{
    private static readonly LoadedSettings Loaded =
        Configured.By(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Configuration", "beyla-typical.yml")), ("OTLP", "https://otlp.example"));

    [Fact]
    public void A_typical_file_has_no_errors_and_is_a_whole_task()
    {
        Assert.Empty(Loaded.Errors);
        Assert.Empty(Loaded.Missing);
    }

    [Fact]
    public void What_is_not_available_is_a_warning_with_its_place()
    {
        string[] expected =
        [
            "channel_buffer_len",
            "enforce_sys_caps",
            "discovery.instrument[2].k8s_namespace",
            "discovery.instrument[2].k8s_deployment_name",
            "discovery.exclude_otel_instrumented_services",
            "discovery.min_process_age",
            "ebpf.wakeup_len",
            "ebpf.track_request_headers",
            "ebpf.context_propagation",
            "ebpf.heuristic_sql_detect",
            "ebpf.buffer_sizes",
            "attributes.kubernetes",
            "attributes.rename_unresolved_hosts",
            "filter.network",
            "otel_traces_export.instrumentations",
            "otel_metrics_export.instrumentations",
            "prometheus_export.service_cache_size",
            "network",
            "name_resolver",
            "nodejs",
            "profile_port",
            "attributes.select.beyla_network_flow_bytes",
            "attributes.select.sql_client_duration",
            "attributes.select.traces.include[1]",
            "metrics.features[1]",
            "metrics.features[2]",
        ];
        Assert.All(Loaded.Warnings, warning => Assert.Matches(@"^beyla\.yml:\d+:\d+: \S+ is .*not available here", warning));
        Assert.Equal(expected, Loaded.Warnings.Select(warning => warning.Split(' ')[1]));
    }

    [Fact]
    public void What_is_available_takes_effect()
    {
        var settings = Loaded.Settings;
        var selectors = settings.Session.Discovery.Selectors;
        Assert.Equal(2, selectors.Count);
        Assert.Equal((PortSet.Parse("8080,9000-9010"), "storefront", "web"), (selectors[0].OpenPorts, selectors[0].ServiceName, selectors[0].ServiceNamespace));
        Assert.Equal(SignalExports.All, selectors[0].Exports);
        Assert.Equal(["{go,java}"], selectors[1].Languages);
        Assert.Equal(new DiscoveryOptions().ReconcileInterval, settings.Session.Discovery.ReconcileInterval);
        Assert.Equal(["http_server_request_duration", "traces"], settings.Session.Attributes.Select.Select(selection => selection.Section));
        Assert.Equal(["url.query"], settings.Session.Attributes.Select[1].Include);
        Assert.Equal(new Uri("https://otlp.example/v1/traces"), settings.Otlp.Traces.Endpoint);
        Assert.True(settings.ExportsMetrics && settings.Otlp.Traces.Enabled && settings.Otlp.Metrics.Enabled);
        Assert.Equal((9400, 9401), (settings.Prometheus.Port, settings.Prometheus.InternalPort));
    }

    [Theory]
    // From the oldest release to the newest: the same wish in the words of its time.
    [InlineData("OPEN_PORT=8080 PRINT_TRACES=true")]
    [InlineData("BEYLA_OPEN_PORT=8080 BEYLA_PRINT_TRACES=true BEYLA_PROMETHEUS_PORT=8999")]
    [InlineData("BEYLA_OPEN_PORT=8080 BEYLA_TRACE_PRINTER=text BEYLA_LOG_LEVEL=DEBUG")]
    [InlineData("BEYLA_OPEN_PORT=8080 OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_TRACES_SAMPLER=always_on")]
    [InlineData("BEYLA_OPEN_PORT=8080 OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:4317 BEYLA_METRICS_INTERVAL=5s BEYLA_OTEL_METRICS_FEATURES=application")]
    [InlineData("OTEL_EBPF_OPEN_PORT=8080 OTEL_EBPF_TRACE_PRINTER=counter OTEL_EBPF_METRICS_FEATURES=application")]
    [InlineData("BEYLA_OPEN_PORT=8080 GRAFANA_CLOUD_ZONE=z GRAFANA_CLOUD_INSTANCE_ID=1 GRAFANA_CLOUD_API_KEY=k GRAFANA_CLOUD_SUBMIT=metrics,traces")]
    [InlineData("BEYLA_OPEN_PORT=8080 BEYLA_INTERNAL_METRICS_PROMETHEUS_PORT=6060 BEYLA_INTERNAL_METRICS_EXPORTER=prometheus BEYLA_HOSTNAME=h BEYLA_HOST_ID=i")]
    public void Environments_of_Beyla_are_understood(string variables)
    {
        var loaded = Configured.ByVariables([.. variables.Split(' ').Select(variable => variable.Split('=', 2)).Select(parts => (parts[0], parts[1]))]);
        Assert.Empty(loaded.Errors);
        Assert.Empty(loaded.Missing);
        Assert.Empty(loaded.Warnings);
        Assert.True(loaded.Settings.TopLevel.Selector.OpenPorts.Contains(8080));
    }
}
