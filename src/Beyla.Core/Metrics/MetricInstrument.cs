using System.Collections.Immutable;

namespace Beyla.Metrics;

/// <summary>A histogram that the agent keeps for every observed service. Instances are listed in <see cref="MetricRegistry"/>.</summary>
public sealed class MetricInstrument
{
    internal MetricInstrument(
        string name,
        string unit,
        string description,
        BucketLayout buckets,
        ImmutableArray<MetricAttributeKey> attributes,
        ImmutableArray<MetricAttributeKey> optionalAttributes)
    {
        Name = name;
        Unit = unit;
        Description = description;
        Buckets = buckets;
        Attributes = attributes;
        OptionalAttributes = optionalAttributes;
    }

    /// <summary>OpenTelemetry name, such as <c>http.server.request.duration</c>.</summary>
    public string Name { get; }

    /// <summary>Unit of the recorded values by UCUM: <c>s</c> or <c>By</c>.</summary>
    public string Unit { get; }

    /// <summary>One sentence without a full stop.</summary>
    public string Description { get; }

    /// <summary>Attributes of each series unless <see cref="AttributeOptions.Select"/> says otherwise.</summary>
    public ImmutableArray<MetricAttributeKey> Attributes { get; }

    /// <summary>Attributes that <see cref="AttributeOptions.Select"/> can add: those of many values, which are dear in series.</summary>
    public ImmutableArray<MetricAttributeKey> OptionalAttributes { get; }

    internal BucketLayout Buckets { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
