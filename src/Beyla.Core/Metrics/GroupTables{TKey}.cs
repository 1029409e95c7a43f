using System.Collections.Immutable;

namespace Beyla.Metrics;

/// <summary>The series of an instrument group of one service: one table, or several with keys of their own when a user chose attributes.</summary>
internal sealed class GroupTables<TKey>
    where TKey : struct, IEquatable<TKey>, ISelectableKey<TKey>
{
    internal GroupTables(ImmutableArray<SeriesLayout> layouts, int maxSeries, StoreClock clock)
    {
        Standard = layouts is [{ IsStandard: true } standard] ? new(standard, maxSeries, clock) : null;
        WantsOptional = layouts.Any(layout => layout.Places.Any(place => place >= layout.StandardCount));
        Selected = Standard is null ? [.. layouts.Select(layout => new SeriesTable<SelectedKey<TKey>>(layout, maxSeries, clock))] : [];
    }

    /// <summary>The one table of a group that nobody changed.</summary>
    internal SeriesTable<TKey>? Standard { get; }

    /// <summary>Otherwise a table for each layout of the group.</summary>
    internal SeriesTable<SelectedKey<TKey>>[] Selected { get; }

    internal IEnumerable<SeriesTable> All => Standard is null ? Selected : [Standard];

    /// <summary>Whether any instrument has an optional attribute, so that their values have to be told.</summary>
    internal bool WantsOptional { get; }
}
