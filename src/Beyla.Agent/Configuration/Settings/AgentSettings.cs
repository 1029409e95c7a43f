using System.Collections.Immutable;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Prometheus;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Configuration.Settings;

/// <summary>
/// What the agent was told to do: defaults, overlaid by each layer of configuration in turn. Some of it is in the options of the
/// library at once; the rest is in the words of the user, and <see cref="Completion.SettingsCompletion"/> makes options of it.
/// </summary>
internal sealed class AgentSettings
{
    /// <summary>The options of the session.</summary>
    internal BeylaOptions Session { get; } = new();

    /// <summary>What the top-level options select; without a criterion when they select nothing.</summary>
    internal SelectorSettings TopLevel { get; } = new();

    internal SelectionSettings Selection { get; } = new();

    internal SamplerSettings Sampler { get; } = new();

    internal ImmutableSortedDictionary<string, AttributeSectionSettings> Select { get; set; } = ImmutableSortedDictionary<string, AttributeSectionSettings>.Empty;

    internal ImmutableSortedDictionary<string, FilterSettings> Filters { get; set; } = ImmutableSortedDictionary<string, FilterSettings>.Empty;

    internal IReadOnlyList<string> SensitiveQueryParametersAdded { get; set; } = [];

    internal IReadOnlyList<string> SensitiveQueryParametersRemoved { get; set; } = [];

    /// <summary>Name of the host to report; <see langword="null"/> for the machine's.</summary>
    internal string? HostName { get; set; }

    /// <summary>Whether the name of the host is to be the one by which the network knows it.</summary>
    internal bool ResolvesHostName { get; set; }

    internal string? HostId { get; set; }

    internal IReadOnlyList<string> Features { get; set; } = ["application"];

    /// <summary>Whether the metrics of observed services leave the agent.</summary>
    internal bool ExportsMetrics { get; set; } = true;

    internal OtlpExporterOptions Otlp { get; } = new();

    internal StoreSettings OtlpStore { get; } = new();

    internal GrafanaSettings Grafana { get; } = new();

    internal PrometheusOptions Prometheus { get; } = new();

    internal StoreSettings PrometheusStore { get; } = new();

    internal InternalMetricsExporter InternalMetrics { get; set; } = InternalMetricsExporter.Prometheus;

    internal string InternalPath { get; set; } = "/internal/metrics";

    /// <summary>The older switch of the span printer.</summary>
    internal bool PrintTraces { get; set; }

    /// <summary>The newer switch of the span printer; it wins when it is set.</summary>
    internal TracePrinter? TracePrinter { get; set; }

    internal LogLevel LogLevel { get; set; } = LogLevel.Information;

    internal LogFormat LogFormat { get; set; }

    internal ConfigDump ConfigDump { get; set; }

    /// <summary>When to end without being asked; <see langword="null"/>: never.</summary>
    internal TimeSpan? Duration { get; set; }

    internal TracePrinter Printer => TracePrinter ?? (PrintTraces ? Settings.TracePrinter.Text : Settings.TracePrinter.Disabled);

    /// <summary>Whether a page for Prometheus is served, of whichever metrics.</summary>
    internal bool ServesPrometheus => Prometheus.Port != 0 || (InternalMetrics == InternalMetricsExporter.Prometheus && Prometheus.InternalPort != 0);

    internal bool SelectsSomething => Session.Discovery.Selectors.Count > 0;
}
