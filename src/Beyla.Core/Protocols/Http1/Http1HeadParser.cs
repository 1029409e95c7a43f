using System.Buffers;
using Beyla.Protocols.Http2;

namespace Beyla.Protocols.Http1;

/// <summary>
/// Reads the head of an HTTP/1 message (RFC 9112 §2–§5) in one pass and without allocation. Takes what servers take
/// (bare LF, folded lines, unknown fields), but a start line must be exact: it is what tells HTTP from anything else.
/// </summary>
internal static partial class Http1HeadParser
{
    private const int MaxMethodBytes = 24;
    private const byte LineFeed = (byte)'\n';

    /// <summary>Token characters of RFC 9110 §5.6.2 but lower-case letters: every registered method does without them, text protocols rarely.</summary>
    private static readonly SearchValues<byte> MethodBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"u8);

    private static ReadOnlySpan<byte> VersionPrefix => "HTTP/1."u8;

    private static ReadOnlySpan<byte> Http2VersionPrefix => "HTTP/2."u8;

    /// <summary>Parses a head that begins with the first byte of <paramref name="bytes"/>.</summary>
    internal static HeadResult Parse(ReadOnlySpan<byte> bytes, out Http1Head head)
    {
        head = new Http1Head();
        if (bytes.IsEmpty)
        {
            return HeadResult.NeedMore;
        }

        var result = MayBeResponse(bytes) ? ParseStatusLine(bytes, ref head, out var next) : ParseRequestLine(bytes, ref head, out next);
        if (result == HeadResult.Complete && head.IsHttp2Preface && !BeginsWithPartOf(ConnectionPreface.Head, bytes))
        {
            return HeadResult.NotMine;
        }

        return result == HeadResult.Complete ? ParseFields(bytes, next, ref head) : result;
    }

    /// <summary>Whether a response may begin with <paramref name="bytes"/>; true for a mere <c>H</c> as well.</summary>
    internal static bool MayBeResponse(ReadOnlySpan<byte> bytes) => BeginsWithPartOf(VersionPrefix, bytes);

    /// <summary>Whether <paramref name="bytes"/> begin with <c>HTTP/1.</c>.</summary>
    internal static bool IsResponse(ReadOnlySpan<byte> bytes) => bytes.StartsWith(VersionPrefix);

    /// <summary>Number of leading CR and LF, which a receiver skips before a start line (RFC 9112 §2.2).</summary>
    internal static int CountEmptyLines(ReadOnlySpan<byte> bytes)
    {
        var count = bytes.IndexOfAnyExcept((byte)'\r', LineFeed);
        return count < 0 ? bytes.Length : count;
    }

    /// <summary>Whether an empty line ends at or behind <paramref name="from"/>, for heads that grow piece by piece.</summary>
    internal static bool HasHeadEnd(ReadOnlySpan<byte> bytes, int from)
    {
        var at = Math.Max(0, from - 2);
        while (true)
        {
            var lineFeed = bytes[at..].IndexOf(LineFeed);
            if (lineFeed < 0)
            {
                return false;
            }

            at += lineFeed + 1;
            if (bytes[at..].StartsWith("\n"u8) || bytes[at..].StartsWith("\r\n"u8))
            {
                return true;
            }
        }
    }

    private static bool BeginsWithPartOf(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(bytes.Length, whole.Length);
        return bytes[..length].SequenceEqual(whole[..length]);
    }

    private static HeadResult ParseStatusLine(ReadOnlySpan<byte> bytes, ref Http1Head head, out int next)
    {
        // HTTP/1.1 200 …: the digits stand at fixed places.
        const int minor = 7, firstDigit = 9, afterDigits = 12;
        head.IsResponse = true;
        next = 0;
        if (bytes.Length <= afterDigits)
        {
            return HeadResult.NeedMore;
        }

        if (!char.IsAsciiDigit((char)bytes[minor]) || bytes[minor + 1] != ' ' || bytes[afterDigits] is not ((byte)' ' or (byte)'\r' or LineFeed))
        {
            return HeadResult.NotMine;
        }

        var status = 0;
        foreach (var digit in bytes[firstDigit..afterDigits])
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return HeadResult.NotMine;
            }

            status = (status * 10) + digit - '0';
        }

        if (status < 100)
        {
            return HeadResult.NotMine;
        }

        head.StatusCode = status;
        head.VersionMinor = bytes[minor] - '0';
        head.HasStartLine = true;
        var end = bytes[afterDigits..].IndexOf(LineFeed);
        next = afterDigits + end + 1;
        return end < 0 ? HeadResult.NeedMore : HeadResult.Complete;
    }

    private static HeadResult ParseRequestLine(ReadOnlySpan<byte> bytes, ref Http1Head head, out int next)
    {
        next = 0;
        var start = bytes[..Math.Min(bytes.Length, MaxMethodBytes + 1)];
        var methodEnd = start.IndexOfAnyExcept(MethodBytes);
        if (methodEnd < 0)
        {
            return start.Length > MaxMethodBytes || !char.IsAsciiLetterUpper((char)bytes[0]) ? HeadResult.NotMine : HeadResult.NeedMore;
        }

        if (bytes[methodEnd] != ' ' || !char.IsAsciiLetterUpper((char)bytes[0]))
        {
            return HeadResult.NotMine;
        }

        head.Method = bytes[..methodEnd];
        var rest = bytes[(methodEnd + 1)..];
        var targetEnd = rest.IndexOfAnyInRange((byte)0, (byte)' ');
        if (targetEnd > 0 && rest[targetEnd] != ' ')
        {
            targetEnd = EndOfOddTarget(rest);
        }

        if (targetEnd == 0)
        {
            return HeadResult.NotMine;
        }

        SetTarget(targetEnd < 0 ? rest : rest[..targetEnd], targetEnd < 0, ref head);
        if (targetEnd < 0)
        {
            return HeadResult.NeedMore;
        }

        return ParseVersion(bytes, methodEnd + 1 + targetEnd + 1, ref head, out next);
    }

    /// <summary>Control characters do not belong into a target; some servers take them all the same. What tells HTTP is then what follows.</summary>
    /// <returns>0 when it is no target.</returns>
    private static int EndOfOddTarget(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)' ', (byte)'\r', LineFeed);
        return end > 0 && rest[end] == ' ' && IsResponse(rest[(end + 1)..]) ? end : 0;
    }

    private static HeadResult ParseVersion(ReadOnlySpan<byte> bytes, int at, ref Http1Head head, out int next)
    {
        next = 0;
        var version = bytes[at..];
        var prefix = head.IsHttp2Preface ? Http2VersionPrefix : VersionPrefix;
        if (!BeginsWithPartOf(prefix, version))
        {
            return HeadResult.NotMine;
        }

        var minor = prefix.Length;
        if (version.Length <= minor)
        {
            return HeadResult.NeedMore;
        }

        if (!char.IsAsciiDigit((char)version[minor]))
        {
            return HeadResult.NotMine;
        }

        var end = version[(minor + 1)..].IndexOfAnyExcept((byte)' ', (byte)'\r');
        if (end < 0)
        {
            return HeadResult.NeedMore;
        }

        next = at + minor + 1 + end + 1;
        head.VersionMinor = version[minor] - '0';
        head.HasStartLine = true;
        return bytes[next - 1] == LineFeed ? HeadResult.Complete : HeadResult.NotMine;
    }

    private static void SetTarget(ReadOnlySpan<byte> target, bool cut, ref Http1Head head)
    {
        if (target.IsEmpty)
        {
            head.PathTruncated = true;
            return;
        }

        var isConnect = head.Method.SequenceEqual("CONNECT"u8);
        if (target[0] is (byte)'/' or (byte)'*' || (!isConnect && target.IndexOf("://"u8) < 0))
        {
            SetPath(target, cut, ref head);
            return;
        }

        var authority = isConnect ? target : target[(target.IndexOf("://"u8) + 3)..];
        var end = authority.IndexOfAny("/?#"u8);
        if (end < 0 && cut)
        {
            head.PathTruncated = true;
            return;
        }

        var path = end < 0 ? default : authority[end..];
        authority = end < 0 ? authority : authority[..end];
        head.Host = authority[(authority.LastIndexOf((byte)'@') + 1)..];
        if (!isConnect)
        {
            SetPath(path, cut, ref head);
            head.Path = head.Path.IsEmpty ? "/"u8 : head.Path;
        }
    }

    private static void SetPath(ReadOnlySpan<byte> path, bool cut, ref Http1Head head)
    {
        var end = path.IndexOfAny((byte)'?', (byte)'#');
        head.Path = end < 0 ? path : path[..end];
        head.PathTruncated = cut && end < 0;
        head.Query = cut || end < 0 ? default : path[end..];
    }
}
