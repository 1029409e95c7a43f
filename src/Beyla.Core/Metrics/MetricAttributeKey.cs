namespace Beyla.Metrics;

/// <summary>An attribute of a metric, named by the OpenTelemetry semantic conventions.</summary>
/// <param name="Name">Name, such as <c>http.request.method</c>.</param>
/// <param name="IsInteger">Whether its values are decimal integers, which OTLP transports as such.</param>
public readonly record struct MetricAttributeKey(string Name, bool IsInteger = false);
