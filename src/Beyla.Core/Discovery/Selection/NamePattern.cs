using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Beyla.Discovery.Selection;

/// <summary>Compiles the regular expressions that search executable paths.</summary>
internal static class NamePattern
{
    /// <summary>Paths are chosen by whoever runs a process: a pattern must not take more than linear time on any of them.</summary>
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    internal static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            regex = new Regex(pattern, Options);
            problem = null;
            return true;
        }
        catch (RegexParseException e)
        {
            problem = string.Create(
                CultureInfo.InvariantCulture,
                $"no regular expression ({Words(e.Error)} at position {e.Offset}); put a \\ before a character that is meant literally.");
        }
        catch (NotSupportedException)
        {
            problem = "uses lookarounds, back-references, conditionals or atomic groups, or is too large: these can't be matched in linear time; use simpler selectors, several if need be.";
        }

        regex = null;
        return false;
    }

    // Such as "insufficient closing parentheses": the message of the exception repeats the whole pattern.
    private static string Words(RegexParseError error) =>
        string.Concat(error.ToString().Select((letter, i) => char.IsUpper(letter) && i > 0 ? $" {char.ToLowerInvariant(letter)}" : char.ToLowerInvariant(letter).ToString()));
}
