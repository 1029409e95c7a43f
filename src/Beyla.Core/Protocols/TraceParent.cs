namespace Beyla.Protocols;

/// <summary>A <c>traceparent</c> header (W3C Trace Context §3.2) as a value. <c>default</c> stands for none.</summary>
internal readonly record struct TraceParent(ulong TraceIdHigh, ulong TraceIdLow, ulong ParentId, byte Flags)
{
    private const int Length = 55;
    private const byte SampledFlag = 1;

    internal bool IsNone => ParentId == 0;

    /// <summary>Whether the caller records its span (W3C Trace Context §3.2.2.5.1).</summary>
    internal bool IsSampled => (Flags & SampledFlag) != 0;

    /// <summary>Reads a header's value. Versions above 00 may be longer (§4.3); upper-case digits and all-zero ids are invalid.</summary>
    /// <returns>None when <paramref name="value"/> is not valid.</returns>
    internal static TraceParent Parse(ReadOnlySpan<byte> value)
    {
        if (value.Length < Length || value[2] != '-' || value[35] != '-' || value[52] != '-'
            || !TryReadHex(value[..2], out var version) || version == 0xff
            || (value.Length > Length && (version == 0 || value[Length] != '-'))
            || !TryReadHex(value[3..19], out var high) || !TryReadHex(value[19..35], out var low) || (high | low) == 0
            || !TryReadHex(value[36..52], out var parent) || parent == 0
            || !TryReadHex(value[53..55], out var flags))
        {
            return default;
        }

        return new TraceParent(high, low, parent, (byte)flags);
    }

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out ulong value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            var nibble = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                _ => -1,
            };
            if (nibble < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)nibble;
        }

        return true;
    }
}
