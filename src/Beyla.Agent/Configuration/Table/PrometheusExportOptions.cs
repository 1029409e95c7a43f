using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Metrics;

namespace Beyla.Agent.Configuration.Table;

/// <summary>Metrics for Prometheus, of observed services and of the agent itself.</summary>
internal static class PrometheusExportOptions
{
    private const string Section = "prometheus_export";

    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        new Option<AgentSettings, int>
        {
            Key = Section + ".port",
            Variables = OptionVariable.Of("BEYLA_PROMETHEUS_PORT"),
            Kind = Kind.Port,
            Summary = "Serve metrics for Prometheus on this port; 0: do not",
            Member = "Prometheus.Port",
            Get = settings => settings.Prometheus.Port,
            Set = (settings, value) => settings.Prometheus.Port = value,
        },
        new Option<AgentSettings, string>
        {
            Key = Section + ".path",
            Variables = OptionVariable.Of("BEYLA_PROMETHEUS_PATH"),
            Kind = Kind.Text("PATH")!,
            Summary = "Path of the metrics page",
            Member = "Prometheus.Path",
            Get = settings => settings.Prometheus.Path,
            Set = (settings, value) => settings.Prometheus.Path = value,
        },
        new Option<AgentSettings, string>
        {
            Key = Section + ".address",
            IsOwn = true,
            Variables = OptionVariable.Of("BEYLA_PROMETHEUS_ADDRESS"),
            Kind = Kind.Text("ADDRESS")!,
            Summary = "Address or host name to listen on; *: every address",
            Member = "Prometheus.Address",
            Get = settings => settings.Prometheus.Address,
            Set = (settings, value) => settings.Prometheus.Address = value,
        },
        .. new StoreOptions(Section, settings => settings.PrometheusStore).All("BEYLA_PROMETHEUS_TTL", "BEYLA_PROMETHEUS_FEATURES"),
        new Option<AgentSettings, ExemplarFilter>
        {
            Key = Section + ".exemplar_filter",
            Variables = OptionVariable.Of("BEYLA_PROMETHEUS_EXEMPLAR_FILTER"),
            Kind = new ChoiceKind<ExemplarFilter>(
                "FILTER",
                ("always_off", ExemplarFilter.AlwaysOff),
                ("trace_based", ExemplarFilter.TraceBased),
                ("always_on", ExemplarFilter.AlwaysOn),
                ("", ExemplarFilter.AlwaysOff)),
            Summary = "Which requests become exemplars: always_off, trace_based (those of sampled spans) or always_on",
            Member = "Metrics.ExemplarFilter",
            Get = settings => settings.Session.Metrics.ExemplarFilter,
            Set = (settings, value) => settings.Session.Metrics.ExemplarFilter = value,
        },
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = Section + ".extra_resource_attributes",
            Variables = OptionVariable.Of("BEYLA_PROMETHEUS_EXTRA_RESOURCE_ATTRIBUTES"),
            Kind = Kind.Texts("ATTRIBUTE"),
            Summary = "Further resource attributes, such as service.version, that target_info carries as labels",
            Get = settings => [.. settings.Prometheus.ExtraResourceAttributes],
            Set = (settings, value) => settings.Prometheus.ExtraResourceAttributes.Replace(value),
        },
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = Section + ".resource_labels",
            IsOwn = true,
            Variables = OptionVariable.Of("BEYLA_PROMETHEUS_RESOURCE_LABELS"),
            Kind = Kind.Texts("ATTRIBUTE"),
            Summary = "Resource attributes, such as service.version, that each sample carries as a label",
            Get = settings => [.. settings.Prometheus.ResourceLabels],
            Set = (settings, value) => settings.Prometheus.ResourceLabels.Replace(value),
        },
        new Option<AgentSettings, bool>
        {
            Key = Section + ".disable_build_info",
            Variables = OptionVariable.Of("BEYLA_PROMETHEUS_DISABLE_BUILD_INFO"),
            Kind = Kind.Bool,
            Summary = "Leave beyla_build_info out",
            Get = settings => settings.Prometheus.DisableBuildInfo,
            Set = (settings, value) => settings.Prometheus.DisableBuildInfo = value,
        },
        new Option<AgentSettings, InternalMetricsExporter>
        {
            Key = "internal_metrics.exporter",
            Variables = OptionVariable.Of("BEYLA_INTERNAL_METRICS_EXPORTER"),
            Kind = new ChoiceKind<InternalMetricsExporter>(
                "EXPORTER",
                ("prometheus", InternalMetricsExporter.Prometheus),
                ("otel", InternalMetricsExporter.OpenTelemetry),
                ("disabled", InternalMetricsExporter.Disabled)),
            Summary = "How the agent tells about itself: prometheus (where a port is served), otel or disabled",
            Get = settings => settings.InternalMetrics,
            Set = (settings, value) => settings.InternalMetrics = value,
        },
        new Option<AgentSettings, int>
        {
            Key = "internal_metrics.prometheus.port",
            Variables = OptionVariable.Of("BEYLA_INTERNAL_METRICS_PROMETHEUS_PORT"),
            Kind = Kind.Port,
            Summary = "Port of that page; 0: the port of the other metrics",
            Member = "Prometheus.InternalPort",
            Get = settings => settings.Prometheus.InternalPort,
            Set = (settings, value) => settings.Prometheus.InternalPort = value,
        },
        new Option<AgentSettings, string>
        {
            Key = "internal_metrics.prometheus.path",
            Variables = OptionVariable.Of("BEYLA_INTERNAL_METRICS_PROMETHEUS_PATH"),
            Kind = Kind.Text("PATH")!,
            Summary = "Path of that page",
            Member = "Prometheus.InternalPath",
            Get = settings => settings.InternalPath,
            Set = (settings, value) => settings.InternalPath = value,
        },
        new Option<AgentSettings, TimeSpan>
        {
            Key = "internal_metrics.bpf_metric_scrape_interval",
            Variables = OptionVariable.Of("BEYLA_BPF_METRIC_SCRAPE_INTERVAL"),
            Kind = Kind.Duration,
            Summary = "How old the numbers about BPF maps may be",
            Member = "Capture.StatisticsInterval",
            Get = settings => settings.Session.Capture.StatisticsInterval,
            Set = (settings, value) => settings.Session.Capture.StatisticsInterval = value,
        },
    ];
}
