namespace Beyla.Exporters.Prometheus;

/// <summary>A label of a sample.</summary>
/// <param name="Name">Letters, digits and <c>_</c>, not starting with a digit.</param>
/// <param name="Value">Any text; it is escaped when written.</param>
public readonly record struct PrometheusLabel(string Name, string Value);
