using System.Buffers;
using System.Globalization;
using System.Text;

namespace Beyla.Sinks;

/// <summary>
/// Text that came from outside, made safe for a line of output: whatever could end the line, drive a terminal or reorder
/// what is shown becomes <c>\xNN</c> or <c>\u{NNNN}</c>, and a backslash is doubled so that the form stays unambiguous.
/// </summary>
internal static class PrintableText
{
    /// <summary>Appends <paramref name="text"/> as UTF-8. Lone surrogates become U+FFFD.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="text">Any text.</param>
    /// <param name="escapeSpace">Whether a space is escaped too, for fields that are themselves separated by spaces.</param>
    internal static void Append(IBufferWriter<byte> destination, ReadOnlySpan<char> text, bool escapeSpace)
    {
        if (IsPlain(text, escapeSpace))
        {
            Encoding.UTF8.GetBytes(text, destination);
            return;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\\')
            {
                destination.Write("\\\\"u8);
            }
            else if (IsHarmless(rune, escapeSpace))
            {
                destination.Advance(rune.EncodeToUtf8(destination.GetSpan(4)));
            }
            else
            {
                Encoding.UTF8.GetBytes(Escape(rune.Value), destination);
            }
        }
    }

    private static bool IsPlain(ReadOnlySpan<char> text, bool escapeSpace)
    {
        var first = escapeSpace ? '!' : ' ';
        foreach (var character in text)
        {
            if (character < first || character > '~' || character == '\\')
            {
                return false;
            }
        }

        return true;
    }

    // Format characters hold the bidirectional overrides, by which a path could be shown in another order than it is written.
    private static bool IsHarmless(Rune rune, bool escapeSpace) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.SpaceSeparator => !escapeSpace,
        _ => true,
    };

    private static string Escape(int value) => value <= 0xff
        ? string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}")
        : string.Create(CultureInfo.InvariantCulture, $"\\u{{{value:x4}}}");
}
