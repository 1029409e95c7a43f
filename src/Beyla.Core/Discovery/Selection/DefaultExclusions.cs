namespace Beyla.Discovery.Selection;

/// <summary>Telemetry agents: to observe them would make them report their own reports.</summary>
internal static class DefaultExclusions
{
    /// <summary>The Collector is shipped under many names: <c>otelcol</c>, <c>otelcol-contrib</c>, <c>otelcol-k8s</c>…</summary>
    private const string CollectorPrefix = "otelcol";

    internal static bool Contains(ReadOnlySpan<char> path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name is "beyla" or "alloy" or "obi" or "ebpf-instrument" or "prometheus-config-reloader"
            || name.StartsWith(CollectorPrefix, StringComparison.Ordinal);
    }
}
