namespace Beyla.Metrics;

/// <summary>The series of one layout of one service, as readers see them.</summary>
internal abstract class SeriesTable(SeriesLayout layout)
{
    private volatile Published _published = new([], 0);

    internal SeriesLayout Layout { get; } = layout;

    /// <summary>All series at this moment; the span stays valid whatever the writer does meanwhile. Any thread.</summary>
    internal ReadOnlySpan<HistogramSeries> Series
    {
        get
        {
            var published = _published;
            return published.Items.AsSpan(0, Volatile.Read(ref published.Count));
        }
    }

    /// <summary>Drops what has expired. Writer's thread only.</summary>
    internal abstract void Sweep(long now);

    protected void Publish(HistogramSeries series)
    {
        var published = _published;
        var count = published.Count;
        if (count < published.Items.Length)
        {
            published.Items[count] = series;
            Volatile.Write(ref published.Count, count + 1);
            return;
        }

        var items = new HistogramSeries[Math.Max(4, count * 2)];
        published.Items.CopyTo(items, 0);
        items[count] = series;
        _published = new(items, count + 1);
    }

    /// <summary>Readers may still walk the old array, so what remains goes into a new one.</summary>
    protected void Unpublish(long now)
    {
        HistogramSeries[] items = [.. Series.ToArray().Where(series => !series.IsExpired(now))];
        _published = new(items, items.Length);
    }

    private sealed class Published(HistogramSeries[] items, int count)
    {
        internal readonly HistogramSeries[] Items = items;
        internal int Count = count;
    }
}
