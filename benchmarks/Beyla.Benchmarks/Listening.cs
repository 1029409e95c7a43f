namespace Beyla.Benchmarks;

/// <summary>Who hears the meter of a store.</summary>
public enum Listening
{
    /// <summary>The store has no meter.</summary>
    NoMeter,

    /// <summary>Nobody, as in a host without <c>AddMeter</c>.</summary>
    Nobody,

    /// <summary>A provider of the OpenTelemetry SDK.</summary>
    OpenTelemetry,
}
