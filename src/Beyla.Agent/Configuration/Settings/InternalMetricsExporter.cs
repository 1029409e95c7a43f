namespace Beyla.Agent.Configuration.Settings;

/// <summary>How the agent tells about itself.</summary>
internal enum InternalMetricsExporter
{
    Disabled,
    Prometheus,
    OpenTelemetry,
}
