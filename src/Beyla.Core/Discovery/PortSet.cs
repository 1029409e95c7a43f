using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Beyla.Discovery;

/// <summary>A set of TCP ports as an immutable value, written as ports and ranges: <c>80,443,8000-8999</c>. <c>default</c> is empty.</summary>
public readonly struct PortSet : IEquatable<PortSet>
{
    /// <summary>Words of the bitmap that <see cref="ToBitmap"/> fills: one bit a port.</summary>
    internal const int BitmapWords = 65536 / 64;

    // Sorted, neither overlapping nor adjacent: equal sets have equal ranges.
    private readonly (ushort First, ushort Last)[]? _ranges;

    private PortSet((ushort First, ushort Last)[] ranges) => _ranges = ranges;

    /// <summary>Whether no port is in the set.</summary>
    public bool IsEmpty => _ranges is null or [];

    private ReadOnlySpan<(ushort First, ushort Last)> Ranges => _ranges;

    /// <summary>The set of the given ports.</summary>
    /// <param name="ports">Ports from 1 to 65535, in any order.</param>
    /// <exception cref="ArgumentOutOfRangeException">A port is not from 1 to 65535.</exception>
    public static PortSet Of(params ReadOnlySpan<int> ports)
    {
        var ranges = new List<(ushort, ushort)>(ports.Length);
        foreach (var port in ports)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(port, 1, nameof(ports));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue, nameof(ports));
            ranges.Add(((ushort)port, (ushort)port));
        }

        return Normalise(ranges);
    }

    /// <summary>Reads ports and ranges that are separated by commas; white space around them is allowed.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is no such list. The message says where and what is expected.</exception>
    public static PortSet Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var ports, out var error) ? ports : throw new FormatException(error);
    }

    /// <summary>Reads ports and ranges as <see cref="Parse"/> does.</summary>
    /// <param name="text">The list; <see langword="null"/> or white space is an error, not the empty set.</param>
    /// <param name="ports">The set, or the empty set when the answer is <see langword="false"/>.</param>
    /// <param name="error">What is wrong, where, and what is expected; <see langword="null"/> when the answer is <see langword="true"/>.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out PortSet ports, [NotNullWhen(false)] out string? error)
    {
        ports = default;
        var ranges = new List<(ushort, ushort)>();
        foreach (var part in text.AsSpan().Split(','))
        {
            if (!TryParseRange(text.AsSpan()[part], out var range))
            {
                var item = text.AsSpan()[part].Trim();
                error = string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{item}' at position {part.Start.Value} of '{text}' is no port: write ports from 1 to 65535 and ranges, such as 80,443,8000-8999.");
                return false;
            }

            ranges.Add(range);
        }

        ports = Normalise(ranges);
        error = null;
        return true;
    }

    /// <summary>Whether <paramref name="port"/> is in the set; a number that is no port never is.</summary>
    public bool Contains(int port)
    {
        foreach (var (first, last) in Ranges)
        {
            if (port <= last)
            {
                return port >= first;
            }
        }

        return false;
    }

    /// <summary>The set of the ports that are in this set or in <paramref name="other"/>.</summary>
    public PortSet Union(PortSet other) => Normalise([.. Ranges, .. other.Ranges]);

    /// <summary>Sets the bit of each port (bit <c>port % 64</c> of word <c>port / 64</c>) and leaves the other bits as they are.</summary>
    /// <param name="bitmap">1024 words.</param>
    /// <exception cref="ArgumentException"><paramref name="bitmap"/> is shorter.</exception>
    public void ToBitmap(Span<ulong> bitmap)
    {
        if (bitmap.Length < BitmapWords)
        {
            throw new ArgumentException($"The bitmap has {bitmap.Length} words; 65536 ports need {BitmapWords}.", nameof(bitmap));
        }

        foreach (var (first, last) in Ranges)
        {
            for (int port = first; port <= last; port++)
            {
                bitmap[port >> 6] |= 1UL << (port & 63);
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(PortSet other) => Ranges.SequenceEqual(other.Ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PortSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var range in Ranges)
        {
            hash.Add(range);
        }

        return hash.ToHashCode();
    }

    /// <summary>The shortest list that <see cref="Parse"/> reads as this set; empty for the empty set.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (first, last) in Ranges)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{first}");
            if (last != first)
            {
                text.Append(CultureInfo.InvariantCulture, $"-{last}");
            }
        }

        return text.ToString();
    }

    /// <summary>Whether both sets hold the same ports.</summary>
    public static bool operator ==(PortSet left, PortSet right) => left.Equals(right);

    /// <summary>Whether the sets differ.</summary>
    public static bool operator !=(PortSet left, PortSet right) => !left.Equals(right);

    private static bool TryParseRange(ReadOnlySpan<char> text, out (ushort First, ushort Last) range)
    {
        range = default;
        var dash = text.IndexOf('-');
        if (!TryParsePort(dash < 0 ? text : text[..dash], out range.First))
        {
            return false;
        }

        if (dash < 0)
        {
            range.Last = range.First;
            return true;
        }

        return TryParsePort(text[(dash + 1)..], out range.Last) && range.First <= range.Last;
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;

    private static PortSet Normalise(List<(ushort First, ushort Last)> ranges)
    {
        ranges.Sort();
        var merged = new List<(ushort First, ushort Last)>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return new PortSet([.. merged]);
    }
}
