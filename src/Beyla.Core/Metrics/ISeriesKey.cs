namespace Beyla.Metrics;

/// <summary>Identifies a series within its table. Two keys must be equal exactly when they write the same attribute values.</summary>
/// <typeparam name="TSelf">The key itself.</typeparam>
internal interface ISeriesKey<TSelf>
    where TSelf : struct, ISeriesKey<TSelf>
{
    /// <summary>Writes one value for each of <see cref="InstrumentGroup.Selectable"/>, in that order; <see langword="null"/> for an absent attribute.</summary>
    void WriteAttributes(Span<string?> values);

    /// <summary>The key without the attributes that are not in <paramref name="selected"/>.</summary>
    TSelf Select(AttributeSet selected);
}
