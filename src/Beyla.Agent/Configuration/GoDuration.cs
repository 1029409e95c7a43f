using System.Buffers;
using System.Globalization;
using System.Text;

namespace Beyla.Agent.Configuration;

/// <summary>Durations as Go writes them and Beyla's options take them: <c>500ms</c>, <c>5s</c>, <c>1m30s</c>, <c>1.5h</c>.</summary>
internal static class GoDuration
{
    /// <summary>The notation as a regular expression, for the schema.</summary>
    internal const string Pattern = @"^(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*$";

    private const string Shape = "a duration is a number with a unit, such as 500ms, 5s, 1m30s or 1.5h";

    private static readonly SearchValues<char> NumberSigns = SearchValues.Create("0123456789.");

    private static readonly (string Name, decimal Nanoseconds)[] Units =
    [
        ("ns", 1m), ("us", 1e3m), ("µs", 1e3m), ("μs", 1e3m), ("ms", 1e6m), ("s", 1e9m), ("m", 60e9m), ("h", 3600e9m),
    ];

    /// <summary>Reads a duration of zero or more; parts below 100 ns are cut off.</summary>
    /// <param name="text">The duration. <c>0</c> needs no unit.</param>
    /// <param name="duration">The duration, or zero when there is a complaint.</param>
    /// <returns>What is wrong with <paramref name="text"/>; <see langword="null"/> when nothing is.</returns>
    internal static string? Parse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan().Trim();
        if (rest is "0")
        {
            return null;
        }

        if (rest is [] or ['-', ..])
        {
            return rest is [] ? Shape : "a duration can't be negative here";
        }

        var sum = 0m;
        while (!rest.IsEmpty)
        {
            if (!TakePart(ref rest, out var nanoseconds))
            {
                return Shape;
            }

            sum += nanoseconds;
            if (sum > TimeSpan.MaxValue.Ticks * (decimal)TimeSpan.NanosecondsPerTick)
            {
                return "the duration is too long";
            }
        }

        duration = TimeSpan.FromTicks((long)(sum / TimeSpan.NanosecondsPerTick));
        return null;
    }

    /// <summary>Writes a duration of zero or more exactly: <c>500ms</c>, <c>5s</c>, <c>1m30s</c>.</summary>
    internal static string Format(TimeSpan duration)
    {
        const string number = "0.#######";
        if (duration < TimeSpan.FromSeconds(1) && duration > TimeSpan.Zero)
        {
            return (duration.Ticks / (decimal)TimeSpan.TicksPerMillisecond).ToString(number, CultureInfo.InvariantCulture) + "ms";
        }

        var text = new StringBuilder();
        Append(duration.Ticks / TimeSpan.TicksPerHour, "h");
        Append(duration.Minutes, "m");
        Append(duration.Ticks % TimeSpan.TicksPerMinute / (decimal)TimeSpan.TicksPerSecond, "s");
        return text.Length == 0 ? "0s" : text.ToString();

        void Append(decimal value, string unit)
        {
            if (value != 0)
            {
                text.Append(value.ToString(number, CultureInfo.InvariantCulture)).Append(unit);
            }
        }
    }

    private static bool TakePart(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        // The bound keeps the product with the longest unit within the limits of decimal.
        const int longestNumber = 15;
        nanoseconds = 0;
        var digits = rest.IndexOfAnyExcept(NumberSigns);
        if (digits is < 1 or > longestNumber
            || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[digits..];
        foreach (var (name, factor) in Units)
        {
            if (rest.StartsWith(name, StringComparison.Ordinal) && (rest.Length == name.Length || rest[name.Length] is '.' or (>= '0' and <= '9')))
            {
                rest = rest[name.Length..];
                nanoseconds = number * factor;
                return true;
            }
        }

        return false;
    }
}
