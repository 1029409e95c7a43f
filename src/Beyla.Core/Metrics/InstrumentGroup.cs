using System.Collections.Immutable;

namespace Beyla.Metrics;

/// <summary>Instruments fed by the same exchanges: they share attributes, so one look-up finds the series of all of them.</summary>
internal sealed class InstrumentGroup(
    ImmutableArray<MetricAttributeKey> attributes, ImmutableArray<MetricAttributeKey> optionalAttributes, ImmutableArray<MetricInstrument> instruments)
{
    /// <summary>The standard attributes of every instrument of the group.</summary>
    internal ImmutableArray<MetricAttributeKey> Attributes { get; } = attributes;

    /// <summary>Those that a user can add.</summary>
    internal ImmutableArray<MetricAttributeKey> OptionalAttributes { get; } = optionalAttributes;

    /// <summary>In the order in which values are recorded.</summary>
    internal ImmutableArray<MetricInstrument> Instruments { get; } = instruments;
}
