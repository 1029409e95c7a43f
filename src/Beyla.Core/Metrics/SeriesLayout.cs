namespace Beyla.Metrics;

/// <summary>Where the histograms of an instrument group lie in the cells of a series, and when such a series expires.</summary>
internal sealed class SeriesLayout
{
    private volatile GroupMeter? _meter;

    internal SeriesLayout(InstrumentGroup group, RedOptions options)
    {
        Group = group;
        Bounds = [.. group.Instruments.Select(instrument =>
            (double[])[.. instrument.Buckets == BucketLayout.Duration ? options.DurationBuckets : options.SizeBuckets])];
        Offsets = new int[Bounds.Length];
        for (var i = 0; i < Bounds.Length; i++)
        {
            Offsets[i] = CellCount;
            CellCount += Bounds[i].Length + 1;
        }

        TtlMilliseconds = options.Ttl == TimeSpan.Zero ? long.MaxValue : (long)Math.Ceiling(options.Ttl.TotalMilliseconds);
    }

    internal InstrumentGroup Group { get; }

    internal double[][] Bounds { get; }

    internal int[] Offsets { get; }

    internal int CellCount { get; }

    /// <summary><see cref="long.MaxValue"/> when series never expire.</summary>
    internal long TtlMilliseconds { get; }

    /// <summary>Repeats what is recorded to whoever listens in this process; <see langword="null"/> for nobody ever. Any thread.</summary>
    internal GroupMeter? Meter
    {
        get => _meter;
        set => _meter = value;
    }
}
