namespace Beyla.Exporters.Otlp;

/// <summary>Options for metrics.</summary>
public sealed class OtlpMetricOptions : OtlpConnectionOptions
{
    /// <summary>Whether the RED metrics of observed services are exported. Default <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether what the session tells about itself is exported too, as a resource of its own. Default <see langword="false"/>.</summary>
    public bool ExportTelemetry { get; set; }

    /// <summary>Time between exports. Default 60 seconds.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What histograms, and the counters of telemetry, count from. Default <see cref="OtlpTemporality.Cumulative"/>.</summary>
    public OtlpTemporality Temporality { get; set; }

    /// <summary>
    /// Whether durations and sizes go out as exponential histograms; only those services have them whose store keeps them
    /// (<c>RedOptions</c>), others stay explicit. Default <see langword="false"/>.
    /// </summary>
    public bool ExponentialHistograms { get; set; }
}
