using System.Collections.Immutable;

namespace Beyla.Metrics;

/// <summary>Instruments fed by the same exchanges: they share attributes, so as a rule one look-up finds the series of all of them.</summary>
internal sealed class InstrumentGroup
{
    internal const int MaxOptional = 2;

    internal InstrumentGroup(
        ImmutableArray<MetricAttributeKey> attributes, ImmutableArray<MetricAttributeKey> optionalAttributes, ImmutableArray<MetricInstrument> instruments)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(optionalAttributes.Length, MaxOptional);
        StandardCount = attributes.Length;
        Selectable = [.. attributes, .. optionalAttributes];
        Instruments = instruments;
    }

    /// <summary>The standard attributes of every instrument of the group, then those that a user can add, <see cref="MaxOptional"/> at most.</summary>
    internal ImmutableArray<MetricAttributeKey> Selectable { get; }

    internal int StandardCount { get; }

    /// <summary>The attributes that instruments have unless a user says otherwise.</summary>
    internal AttributeSet Standard => new((1u << StandardCount) - 1);

    /// <summary>In the order in which values are recorded.</summary>
    internal ImmutableArray<MetricInstrument> Instruments { get; }
}
