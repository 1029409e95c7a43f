namespace Beyla.Metrics;

/// <summary>Which exchanges may become exemplars of the buckets that they fall into (OpenTelemetry metrics SDK, "ExemplarFilter").</summary>
public enum ExemplarFilter
{
    /// <summary>None; nothing is kept and nothing is spent.</summary>
    AlwaysOff,

    /// <summary>Those whose span was sampled.</summary>
    TraceBased,

    /// <summary>All, also those whose span was left out.</summary>
    AlwaysOn,
}
