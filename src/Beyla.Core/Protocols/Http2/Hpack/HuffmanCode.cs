namespace Beyla.Protocols.Http2.Hpack;

/// <summary>
/// The string code of HPACK (RFC 7541 §5.2, Appendix B). It is canonical: codes of one length follow each other in the
/// order of their symbols, and longer ones follow shorter ones, so its lengths say all of it.
/// </summary>
internal static class HuffmanCode
{
    private const int Symbols = 257;
    private const int EndOfString = 256;
    private const int ShortestBits = 5;
    private const int LongestBits = 30;
    private const int FastBits = 8;

    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    // Symbol and length of what the next eight bits begin with, where that is eight bits or fewer; else zero.
    private static readonly ushort[] Fast = new ushort[1 << FastBits];

    // For each length: the first code that is longer, aligned to the left of 32 bits, and what turns a code into a place in Order.
    private static readonly ulong[] Limits = new ulong[LongestBits + 1];
    private static readonly int[] Bases = new int[LongestBits + 1];
    private static readonly ushort[] Order = new ushort[Symbols];

    static HuffmanCode()
    {
        var code = 0u;
        var place = 0;
        for (var bits = ShortestBits; bits <= LongestBits; bits++)
        {
            code <<= 1;
            Bases[bits] = place - (int)code;
            for (var symbol = 0; symbol < Symbols; symbol++)
            {
                if (Lengths[symbol] != bits)
                {
                    continue;
                }

                if (bits <= FastBits)
                {
                    Fast.AsSpan((int)(code << (FastBits - bits)), 1 << (FastBits - bits)).Fill((ushort)((symbol << 4) | bits));
                }

                Order[place++] = (ushort)symbol;
                code++;
            }

            Limits[bits] = (ulong)code << (32 - bits);
        }
    }

    /// <summary>Most bytes that <paramref name="encodedBytes"/> can stand for.</summary>
    internal static int MaxDecodedBytes(int encodedBytes) => (int)((long)encodedBytes * 8 / ShortestBits);

    /// <summary>Decodes a whole string.</summary>
    /// <param name="encoded">The string as sent.</param>
    /// <param name="destination">Takes as many of its first bytes as fit.</param>
    /// <param name="length">Bytes of the whole string.</param>
    /// <returns>Whether it is a valid string (padded with the first bits of the end-of-string symbol, which itself does not occur).</returns>
    internal static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> destination, out int length)
    {
        length = 0;
        var window = 0UL; // the bits not consumed yet, aligned to the left of 64
        var bits = 0;
        var next = 0;
        while (true)
        {
            while (bits <= 56 && next < encoded.Length)
            {
                window |= (ulong)encoded[next++] << (56 - bits);
                bits += 8;
            }

            if (bits < ShortestBits)
            {
                return IsPadding(window, bits);
            }

            int fast = Fast[window >> (64 - FastBits)];
            var used = fast & 0xf;
            var symbol = fast >> 4;
            if (used == 0)
            {
                (symbol, used) = Long((uint)(window >> 32));
            }

            if (used > bits)
            {
                return IsPadding(window, bits);
            }

            if (symbol == EndOfString)
            {
                return false;
            }

            if (length < destination.Length)
            {
                destination[length] = (byte)symbol;
            }

            length++;
            window <<= used;
            bits -= used;
        }
    }

    private static (int Symbol, int Bits) Long(uint window)
    {
        var bits = FastBits + 1;
        while (window >= Limits[bits])
        {
            bits++;
        }

        return (Order[(int)(window >> (32 - bits)) + Bases[bits]], bits);
    }

    /// <summary>Less than a byte of ones (RFC 7541 §5.2).</summary>
    private static bool IsPadding(ulong window, int bits) => bits < 8 && (bits == 0 || window >> (64 - bits) == (1UL << bits) - 1);
}
