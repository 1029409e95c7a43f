namespace Beyla.Agent.Configuration.Settings;

/// <summary>Grafana Cloud as a destination of OTLP.</summary>
internal sealed class GrafanaSettings
{
    internal IReadOnlyList<string> Submit { get; set; } = ["traces"];

    internal string? Zone { get; set; }

    internal string? InstanceId { get; set; }

    internal string? ApiKey { get; set; }

    /// <summary>Any one of these asks for it, as in Beyla.</summary>
    internal bool IsAskedFor => Zone is not null || InstanceId is not null || ApiKey is not null;
}
