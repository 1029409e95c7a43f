using System.Text;
using Beyla.Protocols.Http;

namespace Beyla.Protocols.Http1;

internal static partial class Http1HeadParser
{
    private static HeadResult ParseFields(ReadOnlySpan<byte> bytes, int at, ref Http1Head head)
    {
        while (true)
        {
            var length = bytes[at..].IndexOf(LineFeed);
            if (length < 0)
            {
                return HeadResult.NeedMore;
            }

            var next = at + length + 1;
            if (length == 0 || (length == 1 && bytes[at] == '\r'))
            {
                head.Length = next;
                return HeadResult.Complete;
            }

            // A line that begins with white space continues the field (RFC 9112 §5.2), so a field is whole only when
            // the byte behind its line is there.
            while (next < bytes.Length && bytes[next] is (byte)' ' or (byte)'\t')
            {
                length = bytes[next..].IndexOf(LineFeed);
                if (length < 0)
                {
                    return HeadResult.NeedMore;
                }

                next += length + 1;
            }

            if (next == bytes.Length)
            {
                return HeadResult.NeedMore;
            }

            SetField(bytes[at..next], ref head);
            at = next;
        }
    }

    private static void SetField(ReadOnlySpan<byte> line, ref Http1Head head)
    {
        switch (line[0] | 0x20)
        {
            case 'c' when TryGetValue(line, "content-length"u8, out var value):
                SetContentLength(value, ref head);
                break;
            case 'c' when TryGetValue(line, "connection"u8, out var value):
                SetConnection(value, ref head);
                break;
            case 'c' when TryGetValue(line, "content-type"u8, out var value):
                head.Flags |= EventStream.IsType(value) ? HeadFlags.EventStream : 0;
                break;
            case 'e' when TryGetValue(line, "expect"u8, out var value):
                head.Flags |= HasToken(value, "100-continue"u8) ? HeadFlags.ExpectContinue : 0;
                break;
            case 'h' when head.Host.IsEmpty && TryGetValue(line, "host"u8, out var value):
                head.Host = value;
                break;
            case 't' when TryGetValue(line, "transfer-encoding"u8, out var value):
                SetTransferEncoding(value, ref head);
                break;
            case 't' when TryGetValue(line, "traceparent"u8, out var value):
                // Two of them contradict each other: none is better than a guess.
                head.TraceParent = head.TraceParent.IsNone ? TraceParent.Parse(value) : default;
                break;
            case 'u' when TryGetValue(line, "upgrade"u8, out var value):
                head.Flags |= HeadFlags.Upgrade | (HasToken(value, "h2c"u8) ? HeadFlags.UpgradeToHttp2 : 0);
                break;
        }
    }

    private static bool TryGetValue(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
        {
            value = line[(name.Length + 1)..].Trim(" \t\r\n"u8);
            return true;
        }

        value = default;
        return false;
    }

    private static void SetContentLength(ReadOnlySpan<byte> value, ref Http1Head head)
    {
        // Repeated values that agree are one value (RFC 9112 §6.3), be it in one field or in several.
        for (var more = true; more;)
        {
            var length = ParseLength(TakeItem(ref value, out more));
            head.ContentLength = head.ContentLength == Http1Head.Absent || head.ContentLength == length ? length : Http1Head.Invalid;
        }
    }

    private static void SetConnection(ReadOnlySpan<byte> value, ref Http1Head head)
    {
        for (var more = true; more;)
        {
            var option = TakeItem(ref value, out more);
            head.Flags |= Ascii.EqualsIgnoreCase(option, "close"u8) ? HeadFlags.Close
                : Ascii.EqualsIgnoreCase(option, "keep-alive"u8) ? HeadFlags.KeepAlive
                : 0;
        }
    }

    private static long ParseLength(ReadOnlySpan<byte> digits)
    {
        const int maxDigits = 18;
        if (digits.Length is 0 or > maxDigits)
        {
            return Http1Head.Invalid;
        }

        var length = 0L;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return Http1Head.Invalid;
            }

            length = (length * 10) + digit - '0';
        }

        return length;
    }

    private static void SetTransferEncoding(ReadOnlySpan<byte> value, ref Http1Head head)
    {
        var coding = value[(value.LastIndexOf((byte)',') + 1)..].Trim(" \t\r\n"u8);
        head.Flags = (head.Flags & ~HeadFlags.Chunked) | HeadFlags.TransferEncoding
            | (Ascii.EqualsIgnoreCase(coding, "chunked"u8) ? HeadFlags.Chunked : 0);
    }

    private static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        for (var more = true; more;)
        {
            if (Ascii.EqualsIgnoreCase(TakeItem(ref list, out more), token))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Splits the first item of a list off (RFC 9110 §5.6.1). Nearly every list has one item, which the general splitter is dear for.</summary>
    private static ReadOnlySpan<byte> TakeItem(ref ReadOnlySpan<byte> list, out bool more)
    {
        var comma = list.IndexOf((byte)',');
        more = comma >= 0;
        var item = more ? list[..comma] : list;
        list = more ? list[(comma + 1)..] : default;
        return item.Trim(" \t\r\n"u8);
    }
}
