namespace Beyla.Agent.Configuration;

/// <summary>How the agent tells about itself.</summary>
internal enum InternalMetricsExporter
{
    Disabled,
    Prometheus,
    OpenTelemetry,
}
