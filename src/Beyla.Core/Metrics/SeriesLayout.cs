using System.Collections.Immutable;

namespace Beyla.Metrics;

/// <summary>
/// Instruments of a group that have the same attributes and so the same series: where their histograms lie in the cells of
/// a series, what else such a series keeps, and when it expires.
/// </summary>
internal sealed class SeriesLayout
{
    private volatile GroupMeter? _meter;

    internal SeriesLayout(InstrumentGroup group, AttributeSet selected, ImmutableArray<MetricInstrument> instruments, RedOptions options)
    {
        Selected = selected;
        IsStandard = selected == group.Standard && instruments.Length == group.Instruments.Length;
        Instruments = instruments;
        Sources = [.. instruments.Select(instrument => group.Instruments.IndexOf(instrument))];
        Places = [.. Enumerable.Range(0, group.Selectable.Length).Where(selected.Contains)];
        StandardCount = group.StandardCount;
        Attributes = [.. Places.Select(place => group.Selectable[place])];
        Bounds = [.. instruments.Select(instrument => (double[])[.. BoundsOf(instrument.Buckets, options)])];
        Offsets = new int[Bounds.Length];
        for (var i = 0; i < Bounds.Length; i++)
        {
            Offsets[i] = CellCount;
            CellCount += Bounds[i].Length + 1;
        }

        TtlMilliseconds = options.Ttl == TimeSpan.Zero ? long.MaxValue : (long)Math.Ceiling(options.Ttl.TotalMilliseconds);
        KeepsExemplars = options.ExemplarFilter != ExemplarFilter.AlwaysOff;
        ExponentialSize = options.ExponentialHistograms ? options.ExponentialMaxSize : 0;
        ExponentialScale = options.ExponentialMaxScale;
    }

    internal ImmutableArray<MetricInstrument> Instruments { get; }

    /// <summary>Where the value of each instrument is among those recorded for the group.</summary>
    internal int[] Sources { get; }

    /// <summary>The attributes that series differ by.</summary>
    internal AttributeSet Selected { get; }

    /// <summary>Whether nobody changed the attributes of the group: there is no other layout of it then.</summary>
    internal bool IsStandard { get; }

    internal ImmutableArray<MetricAttributeKey> Attributes { get; }

    /// <summary>Places of <see cref="Attributes"/> among the values that a key writes.</summary>
    internal ImmutableArray<int> Places { get; }

    /// <summary>Standard attributes of the group; the optional ones have the places behind them.</summary>
    internal int StandardCount { get; }

    internal double[][] Bounds { get; }

    internal int[] Offsets { get; }

    internal int CellCount { get; }

    internal bool KeepsExemplars { get; }

    /// <summary>Most buckets of an exponential histogram; 0 when there is none.</summary>
    internal int ExponentialSize { get; }

    internal int ExponentialScale { get; }

    /// <summary><see cref="long.MaxValue"/> when series never expire.</summary>
    internal long TtlMilliseconds { get; }

    /// <summary>Repeats what is recorded to whoever listens in this process; <see langword="null"/> for nobody ever. Any thread.</summary>
    internal GroupMeter? Meter
    {
        get => _meter;
        set => _meter = value;
    }

    /// <summary>The layouts of a group: one as a rule, several when its instruments differ in their attributes.</summary>
    internal static ImmutableArray<SeriesLayout> Of(InstrumentGroup group, RedOptions options, MetricSelection selection) =>
        [.. group.Instruments.GroupBy(instrument => selection.Of(group, instrument)).Select(alike => new SeriesLayout(group, alike.Key, [.. alike], options))];

    private static IReadOnlyList<double> BoundsOf(BucketLayout buckets, RedOptions options) => buckets switch
    {
        BucketLayout.Duration => options.DurationBuckets,
        BucketLayout.RequestSize => options.RequestSizeBuckets,
        _ => options.ResponseSizeBuckets,
    };
}
