using Beyla.Discovery;
using Beyla.Exporters.Prometheus;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Configuration;

/// <summary>What the agent was told to do: defaults, overlaid by each layer of configuration in turn.</summary>
internal sealed class AgentSettings
{
    /// <summary>The options of the session. The selector of environment and command line is added by <see cref="AddSelector"/>.</summary>
    internal BeylaOptions Session { get; } = new();

    /// <summary>What the top-level options select; empty when they select nothing.</summary>
    internal ProcessSelector Selector { get; } = new();

    internal PrometheusOptions Prometheus { get; } = new() { InternalPath = "/internal/metrics" };

    /// <summary>The older switch of the span printer.</summary>
    internal bool PrintTraces { get; set; }

    /// <summary>The newer switch of the span printer; it wins when it is set.</summary>
    internal bool? TracePrinter { get; set; }

    internal LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>When to end without being asked; <see langword="null"/>: never.</summary>
    internal TimeSpan? Duration { get; set; }

    internal bool PrintsSpans => TracePrinter ?? PrintTraces;

    internal bool ServesMetrics => Prometheus.Port != 0;

    internal bool SelectsSomething =>
        !string.IsNullOrEmpty(Selector.ExecutableName) || !string.IsNullOrEmpty(Selector.ExecutableGlob)
        || !Selector.OpenPorts.IsEmpty || Selector.ProcessIds.Count > 0;

    /// <summary>Makes the top-level selector part of the session's options. With process ids nothing else selects, as in Beyla.</summary>
    internal void AddSelector()
    {
        if (Selector.ProcessIds.Count > 0)
        {
            Selector.ExecutableName = null;
            Selector.ExecutableGlob = null;
            Selector.OpenPorts = default;
        }

        if (SelectsSomething)
        {
            Session.Discovery.Selectors.Add(Selector);
        }
    }
}
