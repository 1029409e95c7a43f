namespace Beyla.Metrics;

/// <summary>Identifies a series within its table. Two keys must be equal exactly when they write the same attribute values.</summary>
internal interface ISeriesKey
{
    /// <summary>Writes one value for each attribute of the instrument group, in its order; <see langword="null"/> for an absent attribute.</summary>
    void WriteAttributes(Span<string?> values);
}
