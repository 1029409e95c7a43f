namespace Beyla.Protocols.Http2.Hpack;

/// <summary>The integers of HPACK (RFC 7541 §5.1).</summary>
internal static class HpackInteger
{
    private const int MaxShift = 21; // four further bytes: up to 2^28 + 127, far above any limit here

    /// <summary>Reads one integer.</summary>
    /// <param name="block">What is read.</param>
    /// <param name="at">Offset of its first byte, which holds the prefix; moved behind its last one.</param>
    /// <param name="prefixBits">Bits of the prefix, 4 to 7.</param>
    /// <param name="value">The integer.</param>
    internal static HpackResult Read(ReadOnlySpan<byte> block, ref int at, int prefixBits, out int value)
    {
        var limit = (1 << prefixBits) - 1;
        value = block[at++] & limit;
        if (value < limit)
        {
            return HpackResult.Complete;
        }

        for (var shift = 0; shift <= MaxShift; shift += 7)
        {
            if (at == block.Length)
            {
                return HpackResult.Truncated;
            }

            var octet = block[at++];
            value += (octet & 0x7f) << shift;
            if (octet < 0x80)
            {
                return HpackResult.Complete;
            }
        }

        return HpackResult.Malformed;
    }
}
