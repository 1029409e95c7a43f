namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>Encodes strings by the code of RFC 7541, Appendix B, written down independently of the decoder: as codes, for the octets that the tests use.</summary>
internal static class HuffmanEncoder
{
    private static readonly Dictionary<char, (uint Code, int Bits)> Codes = Build();

    internal static byte[] Encode(string text)
    {
        var bytes = new List<byte>();
        var window = 0UL;
        var bits = 0;
        foreach (var symbol in text)
        {
            var (code, length) = Codes[symbol];
            window = (window << length) | code;
            for (bits += length; bits >= 8; bits -= 8)
            {
                bytes.Add((byte)(window >> (bits - 8)));
            }
        }

        if (bits > 0)
        {
            bytes.Add((byte)((window << (8 - bits)) | (0xffu >> bits)));
        }

        return [.. bytes];
    }

    private static Dictionary<char, (uint Code, int Bits)> Build()
    {
        var codes = new Dictionary<char, (uint, int)>();
        Row(5, 0x0, "012aceiost");
        Row(6, 0x14, " %-./3456789=A_bdfghlmnpru");
        Row(7, 0x5c, ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz");
        Row(8, 0xf8, "&*,;XZ");
        Row(10, 0x3f8, "!\"()?");
        Row(11, 0x7fa, "'+|");
        Row(12, 0xffa, "#>");
        Row(13, 0x1ff8, "\0$@[]~");
        Row(14, 0x3ffc, "^}");
        Row(15, 0x7ffc, "<`{");
        Row(19, 0x7fff0, "\\\u00c3\u00d0");
        Row(20, 0xfffe6, "\u0080\u0082\u0083\u00a2\u00b8\u00c2\u00e0\u00e2");
        Row(23, 0x7fffd8, "\u0001\u0087\u0089");
        Row(28, 0xfffffe2, "\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000e");
        Row(30, 0x3ffffffc, "\n\r\u0016");
        return codes;

        // Codes of one length follow each other.
        void Row(int bits, uint first, string symbols)
        {
            foreach (var symbol in symbols)
            {
                codes.Add(symbol, (first++, bits));
            }
        }
    }
}
