namespace Beyla.Routing;

/// <summary>Tells folders that name something (<c>users</c>, <c>v2</c>, <c>index.html</c>) from those that carry a value.</summary>
internal static class FolderNames
{
    private const int LongestName = 64;

    // A folder of more words is the title of something, and there is no end of titles.
    private const int MostWords = 6;

    internal static bool IsName(ReadOnlySpan<byte> folder)
    {
        if (folder.Length > LongestName)
        {
            return false;
        }

        if (folder is [(byte)'.'] or [(byte)'.', (byte)'.'] or [(byte)'-'] or [(byte)'_'] || IsVersion(folder))
        {
            return true;
        }

        var words = WithoutMark(folder);
        for (var count = 1; count <= MostWords; count++)
        {
            var end = words.IndexOfAny("-_.:"u8);
            if (!IsPart(end < 0 ? words : words[..end]))
            {
                return false;
            }

            if (end < 0 || end == words.Length - 1)
            {
                return true;
            }

            words = words[(end + 1)..];
        }

        return false;
    }

    /// <summary>Some begin with a mark: <c>.well-known</c>, <c>_search</c>, <c>__debug__</c>, <c>$metadata</c>.</summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> folder)
    {
        if (folder.StartsWith("__"u8))
        {
            folder = folder[2..];
            return folder.EndsWith("__"u8) ? folder[..^2] : folder;
        }

        return folder is [(byte)'.' or (byte)'_' or (byte)'$', ..] ? folder[1..] : folder;
    }

    private static bool IsPart(ReadOnlySpan<byte> part)
    {
        var digits = 0;
        foreach (var value in part)
        {
            if (char.IsAsciiDigit((char)value))
            {
                digits++;
            }
            else if (!char.IsAsciiLetter((char)value))
            {
                return false;
            }
        }

        return digits == 0
            ? part.Length > 0 && WordModel.IsWord(part)
            : WordModel.IsKnown(part) || IsVersion(part) || IsNumbered(part, digits);
    }

    /// <summary>A letter, a digit and perhaps a word, as in <c>k6</c> or <c>j4elk</c>.</summary>
    private static bool IsNumbered(ReadOnlySpan<byte> part, int digits) =>
        digits == 1 && part.Length > 1 && char.IsAsciiDigit((char)part[1]) && WordModel.IsWord(part[2..]);

    /// <summary><c>v1</c>, <c>v10</c>, <c>v2.1</c>, <c>v1beta2</c>: up to three numbers of up to two digits.</summary>
    private static bool IsVersion(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'v' or (byte)'V', _, ..])
        {
            return false;
        }

        text = text[1..];
        for (var numbers = 1; TakeNumber(ref text); numbers++)
        {
            if (text.IsEmpty)
            {
                return true;
            }

            if (text[0] != '.' || numbers == 3)
            {
                return TakeStage(ref text) && (text.IsEmpty || (TakeNumber(ref text) && text.IsEmpty));
            }

            text = text[1..];
        }

        return false;
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        length = length < 0 ? text.Length : length;
        text = text[length..];
        return length is 1 or 2;
    }

    private static bool TakeStage(ref ReadOnlySpan<byte> text)
    {
        var length = text.StartsWith("alpha"u8) ? 5 : text.StartsWith("beta"u8) ? 4 : text.StartsWith("rc"u8) ? 2
            : text.StartsWith("preview"u8) ? 7 : text.StartsWith("p"u8) ? 1 : 0;
        text = text[length..];
        return length > 0;
    }
}
