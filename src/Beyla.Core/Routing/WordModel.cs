using System.Buffers;
using System.Text;

namespace Beyla.Routing;

/// <summary>
/// Tells words of a language or a technique from random letters: the mean likelihood of each letter after the two before it. The
/// tables are trained and measured by eng/wordmodel/train.py; docs/routes.md has the rates.
/// </summary>
internal static partial class WordModel
{
    private const int Letters = 27;
    private const int AlwaysWord = 3;
    private const int LongestWord = 40;

    // No word of a dictionary has only the letters a to f and so many of them.
    private const int HexDigits = 8;

    private static readonly SearchValues<byte> HexLetters = SearchValues.Create("abcdefABCDEF"u8);

    private static readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> Known = KnownWords.Split(' ')
        .Select(Encoding.ASCII.GetBytes).ToHashSet(ByteSequence.Comparer).GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Whether a text is in the table of exceptions, in any case. These may have digits.</summary>
    internal static bool IsKnown(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestWord)
        {
            return false;
        }

        Span<byte> lower = stackalloc byte[LongestWord];
        for (var i = 0; i < text.Length; i++)
        {
            lower[i] = (byte)(IsUpper(text[i]) ? text[i] | 0x20 : text[i]);
        }

        return Known.Contains(lower[..text.Length]);
    }

    /// <param name="text">ASCII letters only.</param>
    internal static bool IsWord(ReadOnlySpan<byte> text) =>
        text.Length <= AlwaysWord || IsKnown(text)
        || (text.Length <= LongestWord && (text.Length < HexDigits || text.ContainsAnyExcept(HexLetters)) && IsLikely(text));

    /// <summary>camelCase counts as words side by side, known ones left aside.</summary>
    private static bool IsLikely(ReadOnlySpan<byte> text)
    {
        var levels = 0;
        var count = 0;
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i < text.Length && !IsHumpStart(text, i))
            {
                continue;
            }

            var hump = text[start..i];
            start = i;
            if (!IsKnown(hump))
            {
                levels += Sum(hump);
                count += hump.Length + 1;
            }
        }

        return levels * Fraction >= Threshold * count;
    }

    private static bool IsHumpStart(ReadOnlySpan<byte> text, int at) =>
        IsUpper(text[at]) && (!IsUpper(text[at - 1]) || (at + 1 < text.Length && !IsUpper(text[at + 1])));

    private static int Sum(ReadOnlySpan<byte> hump)
    {
        var table = Levels;
        int sum = 0, before = 0, last = 0;
        foreach (var value in hump)
        {
            var letter = (value | 0x20) - 'a' + 1;
            sum += table[(((before * Letters) + last) * Letters) + letter] - LowestLevel;
            (before, last) = (last, letter);
        }

        return sum + table[((before * Letters) + last) * Letters] - LowestLevel;
    }

    private static bool IsUpper(byte value) => char.IsAsciiLetterUpper((char)value);
}
