using System.Collections.Frozen;
using System.Globalization;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>Which groups of metrics leave the agent.</summary>
internal static class FeatureCompletion
{
    private const string Application = "application";
    private const string Common = "metrics.features";
    private const string Otlp = "otel_metrics_export.features";
    private const string Prometheus = "prometheus_export.features";

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
        var settings = context.Settings;
        Check(context, Common, settings.Features);
        Check(context, Otlp, settings.OtlpStore.Features ?? []);
        Check(context, Prometheus, settings.PrometheusStore.Features ?? []);

        // As in Beyla the list of an exporter that is used replaces the common one.
        var otlp = ExportCompletion.HasEndpoint(settings, settings.Otlp.Metrics, "metrics") ? settings.OtlpStore.Features : null;
        var prometheus = settings.Prometheus.Port == 0 ? null : settings.PrometheusStore.Features;
        settings.ExportsMetrics = (otlp ?? prometheus ?? settings.Features).Any(All.Contains);
        if (otlp is not null && prometheus is not null && prometheus.Any(All.Contains) != settings.ExportsMetrics)
        {
            context.Warn(Prometheus, $"is not used, because {context.Origins.Subject(Otlp)} says something else, and both exporters have the same metrics.");
        }
    }

    private static void Check(CompletionContext context, string key, IReadOnlyList<string> features)
    {
        for (var i = 0; i < features.Count; i++)
        {
            var item = string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]");
            if (Unavailable.Contains(features[i]))
            {
                context.Warn(item, $"is {features[i]}, a group of metrics of Beyla that is not available here; it has no effect.");
            }
            else if (!All.Contains(features[i]))
            {
                context.Error(item, $"is '{features[i]}': there is no such group of metrics; give {Application}, or [] for none.");
            }
        }
    }
}
