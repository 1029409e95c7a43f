namespace Beyla.Metrics;

/// <summary>
/// Counts values in at most a given number of buckets of exponential width (OpenTelemetry metrics data model,
/// "ExponentialHistogram"; metrics SDK, "Base2 Exponential Bucket Histogram Aggregation"): as fine as the values' range allows,
/// and coarser from the value on that would need more buckets. The result does not depend on the order of the values.
/// </summary>
internal sealed class ExponentialHistogram(int maxSize, int maxScale)
{
    private const int SignificandBits = 52;
    private const int ExponentBias = 1023;
    private const long SignificandMask = (1L << SignificandBits) - 1;

    // Made with the first value that is not zero: of the sizes of a route often none is.
    private long[]? _counts;
    private long _offset;
    private int _size;
    private int _shift;
    private long _zeros;

    /// <summary>Counts a value, which is not negative.</summary>
    internal void Add(double value)
    {
        if (value == 0)
        {
            _zeros++;
            return;
        }

        _counts ??= new long[maxSize];
        var index = Index(value) >> _shift;
        if (_size == 0)
        {
            _offset = index;
            _size = 1;
        }
        else
        {
            index = Cover(index, _counts);
        }

        _counts[index - _offset]++;
    }

    internal void Clear()
    {
        if (_counts is not null)
        {
            Array.Clear(_counts);
        }

        _offset = 0;
        _size = 0;
        _shift = 0;
        _zeros = 0;
    }

    /// <summary>Copies the state. What it says while another thread adds is noise, but it does no harm to read it.</summary>
    internal ExponentialReading Read(Span<long> counts)
    {
        var (source, size) = (_counts, _size);
        if (source is null)
        {
            return new(maxScale, _zeros, 0, 0);
        }

        source.AsSpan(0, size).CopyTo(counts);
        return new(maxScale - _shift, _zeros, (int)_offset, size);
    }

    /// <summary>Makes room for a bucket, by coarser buckets if need be.</summary>
    /// <returns>The index of the bucket then.</returns>
    private long Cover(long index, long[] counts)
    {
        var low = Math.Min(index, _offset);
        var high = Math.Max(index, _offset + _size - 1);
        var shift = 0;
        while ((high >> shift) - (low >> shift) >= maxSize)
        {
            shift++;
        }

        if (shift > 0)
        {
            Coarsen(shift, counts);
            index >>= shift;
        }

        if (index < _offset)
        {
            var gap = (int)(_offset - index);
            counts.AsSpan(0, _size).CopyTo(counts.AsSpan(gap));
            counts.AsSpan(0, gap).Clear();
            _offset = index;
            _size += gap;
        }

        _size = Math.Max(_size, (int)(index - _offset) + 1);
        return index;
    }

    private void Coarsen(int shift, long[] counts)
    {
        var offset = _offset >> shift;
        var size = 0;
        for (var i = 0; i < _size; i++)
        {
            var count = counts[i];
            counts[i] = 0;
            var target = (int)(((_offset + i) >> shift) - offset);
            counts[target] += count;
            size = target + 1;
        }

        _offset = offset;
        _size = size;
        _shift += shift;
    }

    /// <summary>
    /// The bucket at the finest scale. Coarser scales are shifts of it, so that a value falls into the same bucket whether it
    /// was counted before the buckets became coarser or after.
    /// </summary>
    private long Index(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (bits >> SignificandBits) - ExponentBias;
        var significand = bits & SignificandMask;
        if (exponent == -ExponentBias)
        {
            // Less than the least normal number goes where that number is.
            exponent++;
            significand = 0;
        }

        var scale = Math.Max(maxScale, 0);
        // Upper bounds are inclusive: a power of two ends the bucket below.
        var index = significand == 0
            ? (exponent << scale) - 1
            : (exponent << scale) + Fraction(significand, scale);
        return index >> (scale - maxScale);
    }

    private static long Fraction(long significand, int scale)
    {
        var mantissa = BitConverter.Int64BitsToDouble(((long)ExponentBias << SignificandBits) | significand);
        return Math.Min((long)Math.ScaleB(Math.Log2(mantissa), scale), (1L << scale) - 1);
    }
}
