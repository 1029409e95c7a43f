namespace Beyla.Metrics;

/// <summary>Finds the series of a key. All members are for the writer's thread.</summary>
internal sealed class SeriesTable<TKey>(SeriesLayout layout, int maxSeries, StoreClock clock) : SeriesTable(layout)
    where TKey : struct, IEquatable<TKey>, ISeriesKey
{
    private readonly Dictionary<TKey, HistogramSeries> _index = [];
    private HistogramSeries? _overflow;

    /// <summary>The series of the key, new if need be; the overflow series when the table is full.</summary>
    internal HistogramSeries Resolve(in TKey key, long now)
    {
        if (!_index.TryGetValue(key, out var series))
        {
            return Add(key, now);
        }

        RestartIfExpired(series, now);
        return series;
    }

    internal override void Sweep(long now)
    {
        var before = _index.Count;
        foreach (var (key, series) in _index)
        {
            if (series.IsExpired(now))
            {
                _index.Remove(key);
            }
        }

        var overflowExpired = _overflow?.IsExpired(now) == true;
        if (overflowExpired)
        {
            _overflow = null;
        }

        if (overflowExpired || _index.Count < before)
        {
            Unpublish(now);
        }
    }

    private HistogramSeries Add(in TKey key, long now)
    {
        if (_index.Count >= maxSeries)
        {
            return Overflow(now);
        }

        var series = new HistogramSeries(Layout, AttributesOf(key), isOverflow: false, clock.UtcNow, now);
        _index.Add(key, series);
        Publish(series);
        return series;
    }

    private string?[] AttributesOf(in TKey key)
    {
        var selectable = new string?[Layout.StandardCount + InstrumentGroup.MaxOptional];
        key.WriteAttributes(selectable);
        return [.. Layout.Places.Select(place => selectable[place])];
    }

    private HistogramSeries Overflow(long now)
    {
        if (_overflow is null)
        {
            _overflow = new(Layout, new string?[Layout.Places.Length], isOverflow: true, clock.UtcNow, now);
            Publish(_overflow);
        }
        else
        {
            RestartIfExpired(_overflow, now);
        }

        return _overflow;
    }

    private void RestartIfExpired(HistogramSeries series, long now)
    {
        if (series.IsExpired(now))
        {
            series.Restart(clock.UtcNow, now);
        }
    }
}
