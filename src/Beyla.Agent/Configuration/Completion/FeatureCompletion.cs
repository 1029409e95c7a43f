using System.Collections.Frozen;
using System.Globalization;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>Which groups of metrics leave the agent.</summary>
internal static class FeatureCompletion
{
    private const string Application = "application";

    private static readonly FrozenSet<string> All = FrozenSet.Create(StringComparer.Ordinal, Application, "all", "*");

    private static readonly FrozenSet<string> Unavailable = FrozenSet.Create(
        StringComparer.Ordinal,
        "application_host",
        "application_process",
        "application_runtime",
        "application_service_graph",
        "application_span",
        "application_span_otel",
        "application_span_sizes",
        "ebpf",
        "network",
        "network_flow_packets",
        "network_inter_zone",
        "stats",
        "stats_tcp_failed_connections",
        "stats_tcp_io",
        "stats_tcp_retransmits",
        "stats_tcp_rtt");

    internal static void Run(CompletionContext context)
    {
        var (key, features) = Effective(context.Settings);
        for (var i = 0; i < features.Count; i++)
        {
            var item = string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]");
            if (Unavailable.Contains(features[i]))
            {
                context.Warn(item, $"is {features[i]}, metrics of Beyla that are not available here; it has no effect.");
            }
            else if (!All.Contains(features[i]))
            {
                context.Error(item, $"is '{features[i]}': there is no such group of metrics; give {Application}, or [] for none.");
            }
        }

        context.Settings.ExportsMetrics = features.Any(All.Contains);
    }

    // As in Beyla the list of an exporter that is used replaces the common one.
    private static (string Key, IReadOnlyList<string> Features) Effective(AgentSettings settings) =>
        settings.Otlp.Metrics.Endpoint is not null && settings.OtlpStore.Features is { } otlp ? ("otel_metrics_export.features", otlp)
        : settings.Prometheus.Port != 0 && settings.PrometheusStore.Features is { } prometheus ? ("prometheus_export.features", prometheus)
        : ("metrics.features", settings.Features);
}
