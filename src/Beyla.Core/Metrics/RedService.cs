using System.Runtime.CompilerServices;
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

    private GroupTables<TKey> AddTables<TKey>(InstrumentGroup group)
        where TKey : struct, IEquatable<TKey>, ISelectableKey<TKey>
    {
        var tables = _store.CreateTables<TKey>(group);
        _tables = [.. _tables, .. tables.All];
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

    private void Record<TKey>(GroupTables<TKey> tables, in TKey key, OptionalAttributes optional, ReadOnlySpan<double> values, in MetricExemplar exemplar)
        where TKey : struct, IEquatable<TKey>, ISelectableKey<TKey>
    {
        var now = _store.BeginRecord();
        if (tables.Standard is { } table)
        {
            if (Record(table, key, now, values, exemplar).IsOverflow)
            {
                _store.CountOverflow();
            }

            return;
        }

        RecordSelected(tables.Selected, key, optional, now, values, exemplar);
    }

    private void RecordSelected<TKey>(
        SeriesTable<SelectedKey<TKey>>[] tables, in TKey key, OptionalAttributes optional, long now, ReadOnlySpan<double> values, in MetricExemplar exemplar)
        where TKey : struct, IEquatable<TKey>, ISelectableKey<TKey>
    {
        var overflowed = false;
        Span<double> own = stackalloc double[values.Length];
        foreach (var table in tables)
        {
            var sources = table.Layout.Sources;
            for (var i = 0; i < sources.Length; i++)
            {
                own[i] = values[sources[i]];
            }

            overflowed |= Record(table, new SelectedKey<TKey>(key, optional, table.Layout), now, own[..sources.Length], exemplar).IsOverflow;
        }

        if (overflowed)
        {
            _store.CountOverflow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // a call of this many arguments costs as much as the look-up
    private HistogramSeries Record<TKey>(SeriesTable<TKey> table, in TKey key, long now, ReadOnlySpan<double> values, in MetricExemplar exemplar)
        where TKey : struct, IEquatable<TKey>, ISeriesKey
    {
        var series = table.Resolve(key, now);
        series.Record(now, values, exemplar);
        if (table.Layout.Meter is { IsEnabled: true } meter)
        {
            meter.Record(Info, series, values);
        }

        return series;
    }
}
