namespace Beyla.Metrics;

/// <summary>
/// The histograms of one attribute set. One thread writes, any number of threads read: the version is odd while a write
/// is under way, and a reader that saw it change reads again (a sequence lock), so the writer never waits for a scrape.
/// The count of a histogram is the sum of its buckets and is not kept apart.
/// </summary>
internal sealed class HistogramSeries
{
    private static long _lastId;

    private readonly SeriesLayout _layout;
    private readonly long[] _cells;
    private readonly double[] _sums;
    private uint _version;
    private long _id = Interlocked.Increment(ref _lastId);
    private long _startUtcTicks;
    private long _lastMilliseconds;

    internal HistogramSeries(SeriesLayout layout, string?[] attributes, bool isOverflow, DateTimeOffset start, long now)
    {
        _layout = layout;
        _cells = new long[layout.CellCount];
        _sums = new double[layout.Bounds.Length];
        Attributes = attributes;
        IsOverflow = isOverflow;
        _startUtcTicks = start.UtcTicks;
        _lastMilliseconds = now;
    }

    internal string?[] Attributes { get; }

    internal bool IsOverflow { get; }

    /// <summary>What <see cref="GroupMeter"/> made of the attributes; <see langword="null"/> until somebody listened. For the writer's thread.</summary>
    internal KeyValuePair<string, object?>[]? MeterTags { get; set; }

    /// <summary>For the writer's thread.</summary>
    internal bool IsExpired(long now) => now - _lastMilliseconds > _layout.TtlMilliseconds;

    /// <summary>Adds one value to each histogram of the group; one that is negative or NaN is not known and adds nothing.</summary>
    internal void Record(long now, ReadOnlySpan<double> values)
    {
        var version = _version;
        _version = version + 1;
        Volatile.WriteBarrier();
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (!(value >= 0))
            {
                continue;
            }

            var bounds = _layout.Bounds[i];
            var bucket = 0;
            while (bucket < bounds.Length && value > bounds[bucket])
            {
                bucket++;
            }

            _cells[_layout.Offsets[i] + bucket]++;
            _sums[i] += value;
        }

        _lastMilliseconds = now;
        Volatile.Write(ref _version, version + 2);
    }

    /// <summary>Starts anew at zero: to its readers this series expired and another one begins.</summary>
    internal void Restart(DateTimeOffset start, long now)
    {
        var version = _version;
        _version = version + 1;
        Volatile.WriteBarrier();
        Array.Clear(_cells);
        Array.Clear(_sums);
        _id = Interlocked.Increment(ref _lastId);
        _startUtcTicks = start.UtcTicks;
        _lastMilliseconds = now;
        Volatile.Write(ref _version, version + 2);
    }

    /// <summary>Copies a consistent state of one histogram. Any thread.</summary>
    /// <param name="instrument">Index in the group.</param>
    /// <param name="now">The reader's time, which decides about expiry.</param>
    /// <param name="buckets">As long as the histogram has buckets.</param>
    /// <param name="reading">The rest of the state.</param>
    /// <returns>False when the series is expired or holds no value of that instrument.</returns>
    internal bool TryRead(int instrument, long now, Span<long> buckets, out HistogramReading reading)
    {
        var cells = _cells.AsSpan(_layout.Offsets[instrument], buckets.Length);
        var spinner = default(SpinWait);
        while (true)
        {
            var version = Volatile.Read(ref _version);
            if ((version & 1) == 0)
            {
                cells.CopyTo(buckets);
                var sum = _sums[instrument];
                var id = _id;
                var start = _startUtcTicks;
                var last = _lastMilliseconds;
                Volatile.ReadBarrier();
                if (_version == version)
                {
                    var count = 0L;
                    foreach (var bucket in buckets)
                    {
                        count += bucket;
                    }

                    reading = new(id, count, sum, start, last);
                    return count > 0 && now - last <= _layout.TtlMilliseconds;
                }
            }

            spinner.SpinOnce();
        }
    }
}
