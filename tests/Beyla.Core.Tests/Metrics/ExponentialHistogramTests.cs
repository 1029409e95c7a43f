using Beyla.Metrics;
using CsCheck;

namespace Beyla.Core.Tests.Metrics;

public sealed class ExponentialHistogramTests
{
    private static readonly Gen<double> Value = Gen.OneOf(
        Gen.Double[0, 10],
        Gen.Double[1e-6, 1e-3],
        Gen.Long[0, 1L << 50].Select(value => (double)value),
        Gen.Int[-1074, 1023].Select(exponent => Math.ScaleB(1, exponent)),
        Gen.Const(0.0),
        Gen.Const(double.Epsilon),
        Gen.Const(double.MaxValue));

    [Fact]
    public void Values_are_counted_as_a_plain_model_counts_them() =>
        Gen.Select(Value.Array[0, 200], Gen.Int[2, 200], Gen.Int[-10, 20]).Sample((values, size, scale) =>
        {
            var histogram = new ExponentialHistogram(size, scale);
            foreach (var value in values)
            {
                histogram.Add(value);
            }

            var counts = new long[size];
            var reading = histogram.Read(counts);
            var (modelScale, zeros, offset, modelCounts) = Model(values, size, scale);
            Assert.Equal((modelScale, zeros), (reading.Scale, reading.ZeroCount));
            Assert.Equal(modelCounts, counts[..reading.Size]);
            Assert.True(reading.Size == 0 || reading.Offset == offset);
        });

    [Fact]
    public void The_order_of_the_values_does_not_matter() =>
        Gen.Select(Value.Array[1, 100], Gen.Int[2, 50]).Sample((values, size) =>
        {
            var (forward, backward) = (new ExponentialHistogram(size, 20), new ExponentialHistogram(size, 20));
            foreach (var value in values)
            {
                forward.Add(value);
            }

            foreach (var value in values.Reverse())
            {
                backward.Add(value);
            }

            long[] one = new long[size], other = new long[size];
            Assert.Equal(forward.Read(one), backward.Read(other));
            Assert.Equal(one, other);
        });

    [Fact]
    public void Every_value_lies_between_the_bounds_of_its_bucket() => Gen.Select(Value.Where(value => value > 2.3e-308), Gen.Int[-10, 20]).Sample((value, scale) =>
    {
        var histogram = new ExponentialHistogram(2, scale);
        histogram.Add(value);
        var reading = histogram.Read(new long[2]);
        // log2 of both sides; the logarithm of a value next to a bound is as inexact as the index is.
        var position = Math.ScaleB(Math.Log2(value), scale);
        Assert.InRange(position, reading.Offset - 1e-4, reading.Offset + 1 + 1e-4);
    });

    [Theory]
    [InlineData(0, 1.0, -1)]
    [InlineData(0, 1.5, 0)]
    [InlineData(0, 2.0, 0)]
    [InlineData(0, 2.0000001, 1)]
    [InlineData(1, 1.4142135623730949, 0)]
    [InlineData(1, 1.4142135623730954, 1)]
    [InlineData(-1, 4.0, 0)]
    [InlineData(-1, 4.1, 1)]
    [InlineData(3, 1024.0, 79)]
    [InlineData(20, 1.0, -1)]
    public void Upper_bounds_are_inclusive(int scale, double value, int index)
    {
        var histogram = new ExponentialHistogram(160, scale);
        histogram.Add(value);
        Assert.Equal(new ExponentialReading(scale, 0, index, 1), histogram.Read(new long[160]));
    }

    [Fact]
    public void It_is_as_fine_as_the_range_allows()
    {
        var histogram = new ExponentialHistogram(160, 20);
        histogram.Add(1);
        histogram.Add(1);
        Assert.Equal(new ExponentialReading(20, 0, -1, 1), histogram.Read(new long[160]));
        histogram.Add(4);
        // Two octaves in 160 buckets: scale 6 has 64 an octave, scale 7 would need 256.
        var counts = new long[160];
        var reading = histogram.Read(counts);
        Assert.Equal(6, reading.Scale);
        Assert.Equal((2L, 1L), (counts[0], counts[reading.Size - 1]));
        histogram.Clear();
        Assert.Equal(new ExponentialReading(20, 0, 0, 0), histogram.Read(counts));
    }

    /// <summary>Indexes at the finest scale in a dictionary, made coarser until they fit.</summary>
    private static (int Scale, long Zeros, long Offset, long[] Counts) Model(double[] values, int size, int scale)
    {
        var indexes = values.Where(value => value != 0).Select(value => FinestIndex(value, scale)).ToList();
        while (indexes.Count > 0 && indexes.Max() - indexes.Min() >= size)
        {
            scale--;
            indexes = [.. indexes.Select(index => (long)Math.Floor(index / 2.0))];
        }

        var zeros = values.LongCount(value => value == 0);
        if (indexes.Count == 0)
        {
            return (scale, zeros, 0, []);
        }

        var counts = new long[indexes.Max() - indexes.Min() + 1];
        foreach (var index in indexes)
        {
            counts[index - indexes.Min()]++;
        }

        return (scale, zeros, indexes.Min(), counts);
    }

    private static long FinestIndex(double value, int scale)
    {
        value = Math.Max(value, Math.ScaleB(1, -1022));
        var exponent = Math.ILogB(value);
        if (value == Math.ScaleB(1, exponent))
        {
            return (long)Math.Ceiling(Math.ScaleB(exponent, scale)) - 1;
        }

        if (scale <= 0)
        {
            return (long)Math.Floor(Math.ScaleB(exponent, scale));
        }

        // The logarithm of what is next to 2 may be rounded to 1, which would be the next octave.
        var fraction = Math.Log2(Math.ScaleB(value, -exponent));
        return (exponent * (1L << scale)) + Math.Min((long)Math.Floor(Math.ScaleB(fraction, scale)), (1L << scale) - 1);
    }
}
