using Beyla.Tracing;

namespace Beyla.Metrics;

/// <summary>
/// The metrics of one service instance. Its Record methods may be called by one thread at a time for the whole
/// <see cref="RedStore"/>; they neither lock nor, once a series exists, allocate. Made by <see cref="RedStore.Register"/>.
/// </summary>
public sealed partial class RedService
{
    private readonly RedStore _store;
    private volatile SeriesTable[] _tables = [];
    private volatile ServiceInfo _info;
    private volatile bool _isRemoved;

    internal RedService(RedStore store, ServiceInfo info, DateTimeOffset start)
    {
        _store = store;
        _info = info;
        StartTime = start;
    }

    /// <summary>The service; that of the process registered last when several processes share one instance id.</summary>
    public ServiceInfo Info
    {
        get => _info;
        internal set => _info = value;
    }

    /// <summary>When the service was registered first.</summary>
    public DateTimeOffset StartTime { get; }

    internal SeriesTable[] Tables => _tables;

    /// <summary>Processes registered and not retired. Guarded by the store's lock, as is <see cref="RetiredAt"/>.</summary>
    internal int Processes { get; set; }

    /// <summary>When the last process was retired, in the store's milliseconds.</summary>
    internal long RetiredAt { get; set; }

    internal void MarkRemoved() => _isRemoved = true;

    internal void Sweep(long now)
    {
        foreach (var table in _tables)
        {
            table.Sweep(now);
        }
    }

    private static bool Wants<TKey>(SeriesTable<TKey>[] tables, int place)
        where TKey : struct, IEquatable<TKey>, ISeriesKey<TKey>
    {
        foreach (var table in tables)
        {
            if (table.Layout.Selected.Contains(place))
            {
                return true;
            }
        }

        return false;
    }

    private SeriesTable<TKey>[] AddTables<TKey>(InstrumentGroup group)
        where TKey : struct, IEquatable<TKey>, ISeriesKey<TKey>
    {
        var tables = _store.CreateTables<TKey>(group);
        _tables = [.. _tables, .. tables];
        return tables;
    }

    /// <returns>Whether an exchange of that duration can be recorded; if not, it is counted as rejected.</returns>
    private bool Accepts(double durationSeconds)
    {
        if (!_isRemoved && double.IsFinite(durationSeconds) && durationSeconds >= 0)
        {
            return true;
        }

        _store.CountRejected();
        return false;
    }

    private void Record<TKey>(SeriesTable<TKey>[] tables, in TKey key, ReadOnlySpan<double> values, in MetricExemplar exemplar)
        where TKey : struct, IEquatable<TKey>, ISeriesKey<TKey>
    {
        var now = _store.BeginRecord();
        var overflowed = false;
        foreach (var table in tables)
        {
            var series = table.Layout.IsStandard ? table.Resolve(key, now) : table.Resolve(key.Select(table.Layout.Selected), now);
            overflowed |= series.IsOverflow;
            series.Record(now, values, exemplar);
            if (table.Layout.Meter is { IsEnabled: true } meter)
            {
                meter.Record(Info, series, values);
            }
        }

        if (overflowed)
        {
            _store.CountOverflow();
        }
    }
}
