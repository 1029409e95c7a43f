using System.Collections.Immutable;

namespace Beyla.Metrics;

/// <summary>All services of a <see cref="RedStore"/> at one moment. May be kept and read from any thread; series values are as of the visit, not of the snapshot.</summary>
public sealed class MetricsSnapshot
{
    internal MetricsSnapshot(DateTimeOffset time, ImmutableArray<ServiceMetrics> services)
    {
        Time = time;
        Services = services;
    }

    /// <summary>When the snapshot was taken.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Services in the order of their registration.</summary>
    public ImmutableArray<ServiceMetrics> Services { get; }
}
