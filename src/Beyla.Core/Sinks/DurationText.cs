using System.Buffers.Text;

namespace Beyla.Sinks;

/// <summary>
/// Durations in Go's notation (<c>689.9µs</c>, <c>15.22ms</c>, <c>1.5s</c>, <c>1m30s</c>), rounded to four significant
/// digits but never coarser than a second.
/// </summary>
internal static class DurationText
{
    /// <summary>Enough for the longest duration that fits a <see cref="long"/>, sign included.</summary>
    internal const int MaxLength = 32;

    private const long Microsecond = 1_000;
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000_000_000;
    private const ulong FourDigits = 10_000;

    /// <summary>Writes <paramref name="nanoseconds"/> as UTF-8 into <paramref name="destination"/> of at least <see cref="MaxLength"/> bytes.</summary>
    /// <returns>Number of bytes written.</returns>
    internal static int Format(long nanoseconds, Span<byte> destination)
    {
        var writer = new Writer(destination);
        if (nanoseconds < 0)
        {
            writer.Append("-"u8);
        }

        var value = Round((ulong)Int128.Abs(nanoseconds));
        switch (value)
        {
            case 0:
                writer.Append("0s"u8);
                break;
            case < Microsecond:
                writer.Append(value, 1);
                writer.Append("ns"u8);
                break;
            case < Millisecond:
                writer.Append(value, Microsecond);
                writer.Append("µs"u8);
                break;
            case < Second:
                writer.Append(value, Millisecond);
                writer.Append("ms"u8);
                break;
            default:
                AppendClock(ref writer, value);
                break;
        }

        return writer.Length;
    }

    // The unit is chosen after rounding: 999.96 µs is 1ms, not 1000µs.
    private static ulong Round(ulong value)
    {
        var step = 1UL;
        for (var rest = value; rest >= FourDigits && step < Second; rest /= 10)
        {
            step *= 10;
        }

        return (value + (step / 2)) / step * step;
    }

    private static void AppendClock(ref Writer writer, ulong value)
    {
        const ulong minute = 60 * (ulong)Second;
        var minutes = value / minute;
        if (minutes >= 60)
        {
            writer.Append(minutes / 60, 1);
            writer.Append("h"u8);
        }

        if (minutes > 0)
        {
            writer.Append(minutes % 60, 1);
            writer.Append("m"u8);
        }

        writer.Append(value % minute, Second);
        writer.Append("s"u8);
    }

    private ref struct Writer(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        internal int Length { get; private set; }

        internal void Append(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_destination[Length..]);
            Length += text.Length;
        }

        /// <summary>Appends <c>value / unit</c> as a decimal without trailing zeros.</summary>
        internal void Append(ulong value, ulong unit)
        {
            AppendInteger(value / unit);
            var rest = value % unit;
            if (rest == 0)
            {
                return;
            }

            Append("."u8);
            while (rest > 0)
            {
                rest *= 10;
                _destination[Length++] = (byte)('0' + (rest / unit));
                rest %= unit;
            }
        }

        private void AppendInteger(ulong value)
        {
            Utf8Formatter.TryFormat(value, _destination[Length..], out var written);
            Length += written;
        }
    }
}
