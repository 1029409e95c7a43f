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
    private readonly bool _keepsMore;
    private readonly MetricExemplar[]? _exemplars;
    private readonly ExponentialHistogram[]? _exponentials;
    private uint _version;
    private long _id = Interlocked.Increment(ref _lastId);
    private long _startUtcTicks;
    private long _lastMilliseconds;

    internal HistogramSeries(SeriesLayout layout, string?[] attributes, bool isOverflow, DateTimeOffset start, long now)
    {
        _layout = layout;
        _cells = new long[layout.CellCount];
        _sums = new double[layout.Bounds.Length];
        _exemplars = layout.KeepsExemplars ? new MetricExemplar[layout.CellCount] : null;
        _exponentials = layout.ExponentialSize == 0
            ? null
            : [.. layout.Instruments.Select(_ => new ExponentialHistogram(layout.ExponentialSize, layout.ExponentialScale))];
        _keepsMore = _exemplars is not null || _exponentials is not null;
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

    /// <summary>Adds to each histogram its value; one that is negative or NaN is not known and adds nothing.</summary>
    /// <param name="now">The store's time.</param>
    /// <param name="values">One for each instrument of the layout.</param>
    /// <param name="exemplar">The span that the values come from; <c>default</c> for none.</param>
    internal void Record(long now, ReadOnlySpan<double> values, in MetricExemplar exemplar)
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

            var cell = _layout.Offsets[i] + bucket;
            _cells[cell]++;
            _sums[i] += value;
            if (_keepsMore)
            {
                Keep(i, cell, value, exemplar);
            }
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
        if (_exemplars is not null)
        {
            Array.Clear(_exemplars);
        }

        foreach (var exponential in _exponentials ?? [])
        {
            exponential.Clear();
        }

        _id = Interlocked.Increment(ref _lastId);
        _startUtcTicks = start.UtcTicks;
        _lastMilliseconds = now;
        Volatile.Write(ref _version, version + 2);
    }

    /// <summary>Copies a consistent state of one histogram. Any thread.</summary>
    /// <param name="instrument">Index in the layout.</param>
    /// <param name="now">The reader's time, which decides about expiry.</param>
    /// <param name="buffers">Take the copy.</param>
    /// <param name="reading">The rest of the state.</param>
    /// <returns>False when the series is expired or holds no value of that instrument.</returns>
    internal bool TryRead(int instrument, long now, HistogramBuffers buffers, out HistogramReading reading)
    {
        var first = _layout.Offsets[instrument];
        var cells = _cells.AsSpan(first, buffers.Buckets.Length);
        var spinner = default(SpinWait);
        while (true)
        {
            var version = Volatile.Read(ref _version);
            if ((version & 1) == 0)
            {
                cells.CopyTo(buffers.Buckets);
                var exponential = _exponentials is null ? default : _exponentials[instrument].Read(buffers.Exponential);
                _exemplars.AsSpan(_exemplars is null ? 0 : first, buffers.Exemplars.Length).CopyTo(buffers.Exemplars);
                var sum = _sums[instrument];
                var id = _id;
                var start = _startUtcTicks;
                var last = _lastMilliseconds;
                Volatile.ReadBarrier();
                if (_version == version)
                {
                    var count = 0L;
                    foreach (var bucket in buffers.Buckets)
                    {
                        count += bucket;
                    }

                    reading = new(id, count, sum, start, last, Gather(buffers.Exemplars), exponential);
                    return count > 0 && now - last <= _layout.TtlMilliseconds;
                }
            }

            spinner.SpinOnce();
        }
    }

    private void Keep(int instrument, int cell, double value, in MetricExemplar exemplar)
    {
        if (_exemplars is not null && exemplar.SpanId != 0)
        {
            _exemplars[cell] = exemplar with { Value = value };
        }

        _exponentials?[instrument].Add(value);
    }

    /// <summary>Moves the exemplars that exist to the front.</summary>
    /// <returns>How many there are.</returns>
    private static int Gather(Span<MetricExemplar> exemplars)
    {
        var count = 0;
        foreach (var exemplar in exemplars)
        {
            if (exemplar.SpanId != 0)
            {
                exemplars[count++] = exemplar;
            }
        }

        return count;
    }
}
