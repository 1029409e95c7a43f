namespace Beyla.Exporters.Otlp;

/// <summary>What counters and histograms count from (OpenTelemetry metrics data model, "Temporality").</summary>
public enum OtlpTemporality
{
    /// <summary>From the start of the series.</summary>
    Cumulative,

    /// <summary>From the last export.</summary>
    Delta,

    /// <summary>Histograms from the last export; counters, which are observed anyway, from the start.</summary>
    LowMemory,
}
