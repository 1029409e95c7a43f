using System.Text;
using Beyla.Sinks;
using CsCheck;

namespace Beyla.Core.Tests.Sinks;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ns")]
    [InlineData(999, "999ns")]
    [InlineData(1_000, "1µs")]
    [InlineData(1_500, "1.5µs")]
    [InlineData(689_900, "689.9µs")]
    [InlineData(689_949, "689.9µs")]
    [InlineData(689_950, "690µs")]
    [InlineData(999_949, "999.9µs")]
    [InlineData(999_950, "1ms")]
    [InlineData(15_218_000, "15.22ms")]
    [InlineData(1_000_000, "1ms")]
    [InlineData(1_005_000, "1.005ms")]
    [InlineData(1_500_000_000, "1.5s")]
    [InlineData(59_996_000_000, "1m0s")]
    [InlineData(60_000_000_000, "1m0s")]
    [InlineData(90_500_000_000, "1m30.5s")]
    [InlineData(754_360_000_000, "12m34.4s")]
    [InlineData(3_600_000_000_000, "1h0m0s")]
    [InlineData(12_345_600_000_000, "3h25m46s")]
    [InlineData(-689_900, "-689.9µs")]
    public void A_duration_has_four_digits_and_the_unit_that_fits(long nanoseconds, string expected) =>
        Assert.Equal(expected, Format(nanoseconds));

    [Fact]
    public void Any_duration_fits_the_promised_length()
    {
        Assert.Equal("2562047h47m17s", Format(long.MaxValue));
        Assert.Equal("-2562047h47m17s", Format(long.MinValue));
        Gen.Long.Sample(nanoseconds => Format(nanoseconds).Length > 0);
    }

    [Fact]
    public void What_is_printed_below_a_minute_is_within_half_a_unit_of_the_fourth_digit() =>
        Gen.Long[1, 59_000_000_000].Sample(nanoseconds =>
        {
            var text = Format(nanoseconds);
            var digits = text.IndexOfAny(['n', 'µ', 'm', 's']);
            var unit = text[digits..] switch { "ns" => 1m, "µs" => 1e3m, "ms" => 1e6m, _ => 1e9m };
            var printed = decimal.Parse(text[..digits], System.Globalization.CultureInfo.InvariantCulture) * unit;
            Assert.True(Math.Abs(printed - nanoseconds) <= nanoseconds / 2000m, text);
        });

    private static string Format(long nanoseconds)
    {
        Span<byte> buffer = stackalloc byte[DurationText.MaxLength];
        return Encoding.UTF8.GetString(buffer[..DurationText.Format(nanoseconds, buffer)]);
    }
}
