using System.Buffers;
using Beyla.Discovery.Selection;

namespace Beyla.Attributes;

/// <summary>Names as users write them: with dots or with underscores, which are the same, and as globs.</summary>
internal static class AttributeName
{
    private static readonly SearchValues<char> GlobSigns = SearchValues.Create("*?[{\\");

    /// <summary>The spelling in which equal names are equal.</summary>
    internal static string Normalize(string name) => name.Trim().Replace('.', '_');

    internal static bool IsGlob(string name) => name.AsSpan().ContainsAny(GlobSigns);

    /// <summary>Whether a name that exists is meant by one that a user wrote.</summary>
    /// <param name="pattern">A name or a glob that compiles.</param>
    /// <param name="name">The name that exists.</param>
    internal static bool Fits(string pattern, string name) => IsGlob(pattern)
        ? Glob.TryCompile(Normalize(pattern), out var glob, out _) && glob.IsMatch(Normalize(name))
        : Normalize(pattern) == Normalize(name);
}
