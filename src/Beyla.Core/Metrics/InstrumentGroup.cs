using System.Collections.Immutable;

namespace Beyla.Metrics;

/// <summary>Instruments fed by the same exchanges: they share attributes, so as a rule one look-up finds the series of all of them.</summary>
internal sealed class InstrumentGroup(
    ImmutableArray<MetricAttributeKey> attributes, ImmutableArray<MetricAttributeKey> optionalAttributes, ImmutableArray<MetricInstrument> instruments)
{
    /// <summary>The standard attributes of every instrument of the group, then those that a user can add.</summary>
    internal ImmutableArray<MetricAttributeKey> Selectable { get; } = [.. attributes, .. optionalAttributes];

    /// <summary>The attributes that instruments have unless a user says otherwise.</summary>
    internal AttributeSet Standard { get; } = new((1u << attributes.Length) - 1);

    /// <summary>In the order in which values are recorded.</summary>
    internal ImmutableArray<MetricInstrument> Instruments { get; } = instruments;
}
