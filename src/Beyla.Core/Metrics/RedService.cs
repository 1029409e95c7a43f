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

    private SeriesTable<TKey> AddTable<TKey>(InstrumentGroup group)
        where TKey : struct, IEquatable<TKey>, ISeriesKey
    {
        var table = _store.CreateTable<TKey>(group);
        _tables = [.. _tables, table];
        return table;
    }

    private void Record<TKey>(SeriesTable<TKey> table, in TKey key, ReadOnlySpan<double> values)
        where TKey : struct, IEquatable<TKey>, ISeriesKey
    {
        var now = _store.BeginRecord();
        var series = table.Resolve(key, now);
        if (series.IsOverflow)
        {
            _store.CountOverflow();
        }

        series.Record(now, values);
        if (table.Layout.Meter is { IsEnabled: true } meter)
        {
            meter.Record(Info, series, values);
        }
    }
}
