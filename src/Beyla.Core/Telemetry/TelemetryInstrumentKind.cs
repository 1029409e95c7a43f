namespace Beyla.Telemetry;

/// <summary>How the values of a <see cref="TelemetryInstrument"/> behave.</summary>
public enum TelemetryInstrumentKind
{
    /// <summary>Only grows (OpenTelemetry: monotonic sum; Prometheus: counter).</summary>
    Counter,

    /// <summary>Grows and shrinks, and sums over attributes have a meaning (OpenTelemetry: non-monotonic sum; Prometheus: gauge).</summary>
    UpDownCounter,

    /// <summary>The value of a moment (OpenTelemetry and Prometheus: gauge).</summary>
    Gauge,
}
