namespace Beyla.Metrics;

/// <summary>The key of an instrument group: its standard attributes.</summary>
/// <typeparam name="TSelf">The key itself.</typeparam>
internal interface ISelectableKey<TSelf> : ISeriesKey
    where TSelf : struct, ISelectableKey<TSelf>
{
    /// <summary>The key without the attributes that are not in <paramref name="selected"/>.</summary>
    TSelf Select(AttributeSet selected);
}
