using System.Globalization;
using System.Text;

namespace Beyla.IntegrationTests.Load;

/// <summary>What a response's head says about its content and its connection (RFC 9112 §6.3, §9.3).</summary>
internal sealed record ResponseHead(int Status, long? ContentLength, bool Chunked, bool Closes)
{
    public bool IsInterim => Status is >= 100 and < 200;

    public ResponseFraming Framing =>
        Chunked ? ResponseFraming.Chunked : ContentLength is null ? ResponseFraming.CloseDelimited : ResponseFraming.ContentLength;

    /// <exception cref="FormatException">The bytes are no response head.</exception>
    public static ResponseHead Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.ASCII.GetString(bytes).Split("\r\n");
        var first = lines[0].Split(' ', 3);
        if (first.Length < 2 || !first[0].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            throw new FormatException($"No status line: '{lines[0]}'.");
        }

        long? length = null;
        var chunked = false;
        var closes = first[0] == "HTTP/1.0";
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                continue;
            }

            var value = line[(colon + 1)..].Trim();
            switch (line[..colon].ToUpperInvariant())
            {
                case "CONTENT-LENGTH":
                    length = long.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "TRANSFER-ENCODING":
                    chunked = value.Equals("chunked", StringComparison.OrdinalIgnoreCase);
                    break;
                case "CONNECTION":
                    closes = value.Equals("close", StringComparison.OrdinalIgnoreCase)
                        || (closes && !value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase));
                    break;
            }
        }

        return new ResponseHead(int.Parse(first[1], CultureInfo.InvariantCulture), length, chunked, closes);
    }
}
