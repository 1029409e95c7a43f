using System.Collections.Immutable;

namespace Beyla.Metrics;

/// <summary>A histogram that the agent keeps for every observed service. Instances are listed in <see cref="MetricRegistry"/>.</summary>
public sealed class MetricInstrument
{
    internal MetricInstrument(string name, string unit, string description, BucketLayout buckets, ImmutableArray<MetricAttributeKey> attributes)
    {
        Name = name;
        Unit = unit;
        Description = description;
        Buckets = buckets;
        Attributes = attributes;
    }

    /// <summary>OpenTelemetry name, such as <c>http.server.request.duration</c>.</summary>
    public string Name { get; }

    /// <summary>Unit of the recorded values by UCUM: <c>s</c> or <c>By</c>.</summary>
    public string Unit { get; }

    /// <summary>One sentence without a full stop.</summary>
    public string Description { get; }

    /// <summary>Attributes of each series, in the order of <see cref="HistogramPoint.AttributeValues"/>.</summary>
    public ImmutableArray<MetricAttributeKey> Attributes { get; }

    internal BucketLayout Buckets { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
