namespace Beyla.Metrics;

/// <summary>Identifies a series within its table. Two keys must be equal exactly when they write the same attribute values.</summary>
internal interface ISeriesKey
{
    /// <summary>Writes the values of its attributes to their places in <see cref="InstrumentGroup.Selectable"/>; <see langword="null"/> for an absent attribute.</summary>
    /// <param name="values">Has room for the standard attributes and two optional ones, whether the group has them or not.</param>
    void WriteAttributes(Span<string?> values);
}
