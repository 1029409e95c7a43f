namespace Beyla.Agent.Configuration.Settings;

/// <summary>A sampler as OpenTelemetry's variables name it.</summary>
internal sealed class SamplerSettings
{
    internal string? Name { get; set; }

    internal string? Argument { get; set; }
}
