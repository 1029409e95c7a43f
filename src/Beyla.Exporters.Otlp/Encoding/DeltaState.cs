using Beyla.Metrics;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>What a series held when it was exported last, and what came since.</summary>
internal sealed class DeltaState
{
    private readonly State _exported = new();
    private readonly State _seen = new();

    /// <summary>The collection that met the series last.</summary>
    internal long Generation { get; set; }

    /// <summary>Index of the request that it went into then.</summary>
    internal int Request { get; set; }

    /// <summary>From when the difference counts: the series' own start, or the last export.</summary>
    internal DateTimeOffset Start { get; private set; }

    internal long Count { get; private set; }

    internal double Sum { get; private set; }

    internal long ZeroCount { get; private set; }

    /// <summary>Difference of each explicit bucket.</summary>
    internal long[] Buckets { get; private set; } = [];

    /// <summary>Difference of each exponential bucket, in the scale and from the offset of the series as it is now.</summary>
    internal long[] Exponential { get; private set; } = [];

    /// <summary>Takes the series as it is now.</summary>
    internal void Take(in HistogramPoint point, DateTimeOffset now)
    {
        Start = _exported.Time == default ? point.StartTime : _exported.Time;
        Count = point.Count - _exported.Count;
        Sum = point.Sum - _exported.Sum;
        Buckets = Sized(Buckets, point.BucketCounts.Length);
        for (var i = 0; i < Buckets.Length; i++)
        {
            Buckets[i] = point.BucketCounts[i] - (i < _exported.Buckets.Length ? _exported.Buckets[i] : 0);
        }

        if (point.IsExponential)
        {
            TakeExponential(point.Exponential);
        }

        _seen.Set(in point, now);
    }

    internal void Commit() => _exported.Set(_seen);

    private static long[] Sized(long[] array, int length) => array.Length == length ? array : new long[length];

    // The earlier buckets are of the same or a higher scale; an index of a lower scale is the higher one's without its last bits.
    private void TakeExponential(in ExponentialBuckets now)
    {
        ZeroCount = now.ZeroCount - _exported.ZeroCount;
        Exponential = Sized(Exponential, now.Counts.Length);
        now.Counts.CopyTo(Exponential);
        for (var i = 0; i < _exported.Exponential.Length; i++)
        {
            if (_exported.Exponential[i] != 0)
            {
                Exponential[((_exported.Offset + i) >> (_exported.Scale - now.Scale)) - now.Offset] -= _exported.Exponential[i];
            }
        }
    }

    private sealed class State
    {
        internal DateTimeOffset Time { get; private set; }

        internal long Count { get; private set; }

        internal double Sum { get; private set; }

        internal long ZeroCount { get; private set; }

        internal int Scale { get; private set; }

        internal int Offset { get; private set; }

        internal long[] Buckets { get; private set; } = [];

        internal long[] Exponential { get; private set; } = [];

        internal void Set(in HistogramPoint point, DateTimeOffset now)
        {
            Time = now;
            Count = point.Count;
            Sum = point.Sum;
            Buckets = Copy(Buckets, point.BucketCounts);
            if (point.IsExponential)
            {
                ZeroCount = point.Exponential.ZeroCount;
                Scale = point.Exponential.Scale;
                Offset = point.Exponential.Offset;
                Exponential = Copy(Exponential, point.Exponential.Counts);
            }
        }

        internal void Set(State other)
        {
            Time = other.Time;
            Count = other.Count;
            Sum = other.Sum;
            Buckets = Copy(Buckets, other.Buckets);
            ZeroCount = other.ZeroCount;
            Scale = other.Scale;
            Offset = other.Offset;
            Exponential = Copy(Exponential, other.Exponential);
        }

        private static long[] Copy(long[] target, ReadOnlySpan<long> source)
        {
            target = Sized(target, source.Length);
            source.CopyTo(target);
            return target;
        }
    }
}
