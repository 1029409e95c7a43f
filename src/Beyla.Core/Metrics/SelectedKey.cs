namespace Beyla.Metrics;

/// <summary>A key of which a user chose the attributes. A type of its own, so that nobody else pays for its size.</summary>
internal readonly struct SelectedKey<TKey> : IEquatable<SelectedKey<TKey>>, ISeriesKey
    where TKey : struct, IEquatable<TKey>, ISelectableKey<TKey>
{
    private readonly TKey _key;
    private readonly string? _first;
    private readonly string? _second;

    /// <param name="key">The standard attributes.</param>
    /// <param name="optional">The optional ones.</param>
    /// <param name="layout">Says which are taken.</param>
    internal SelectedKey(in TKey key, OptionalAttributes optional, SeriesLayout layout)
    {
        _key = key.Select(layout.Selected);
        _first = layout.Selected.Contains(layout.StandardCount) ? optional.First : null;
        _second = layout.Selected.Contains(layout.StandardCount + 1) ? optional.Second : null;
    }

    public void WriteAttributes(Span<string?> values)
    {
        _key.WriteAttributes(values);
        values[^2] = _first;
        values[^1] = _second;
    }

    public bool Equals(SelectedKey<TKey> other) => _key.Equals(other._key) && string.Equals(_first, other._first) && string.Equals(_second, other._second);

    public override bool Equals(object? obj) => obj is SelectedKey<TKey> other && Equals(other);

    public override int GetHashCode() => TextHash.Add(TextHash.Add((ulong)_key.GetHashCode(), _first), _second).GetHashCode();
}
