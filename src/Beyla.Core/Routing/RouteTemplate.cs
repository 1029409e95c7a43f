using System.Diagnostics.CodeAnalysis;

namespace Beyla.Routing;

/// <summary>
/// One route pattern, such as <c>/user/{id}</c>. A pattern is made of folders: literal text; variables written <c>{name}</c>,
/// <c>{name:expression}</c> or <c>:name</c>, alone or between text (<c>@:user</c>, <c>{id}.json</c>, <c>{from}-{to}</c>); <c>*</c> for any
/// one folder; and <c>*</c> as the last one for the path before it and everything below. Case matters, nothing is decoded, one trailing
/// slash makes no difference. Immutable and safe for concurrent use.
/// </summary>
public sealed class RouteTemplate
{
    internal RouteTemplate(string pattern, RouteFolder[] folders, bool matchesBelow)
    {
        Pattern = pattern;
        Folders = folders;
        MatchesBelow = matchesBelow;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Pattern { get; }

    internal RouteFolder[] Folders { get; }

    /// <summary>Whether the pattern ends in <c>*</c>, which <see cref="Folders"/> does not hold.</summary>
    internal bool MatchesBelow { get; }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">The message names the pattern, the position counted from 0, and the way out.</exception>
    public static RouteTemplate Parse(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return TryParse(pattern, out var template, out var error) ? template : throw new FormatException(error);
    }

    /// <summary>Reads a pattern without throwing.</summary>
    /// <param name="pattern">The pattern; <see langword="null"/> is as wrong as an empty one.</param>
    /// <param name="template">The pattern read.</param>
    /// <param name="error">What is wrong, where, and the way out.</param>
    public static bool TryParse(string? pattern, [NotNullWhen(true)] out RouteTemplate? template, [NotNullWhen(false)] out string? error)
    {
        template = new RouteTemplateParser(pattern ?? "").Parse(out error);
        return template is not null;
    }

    /// <summary>Whether a path is one of this pattern. A query or fragment is left aside.</summary>
    public bool IsMatch(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var text = new Utf8Text(path, stackalloc byte[Utf8Text.StackSize]);
        return IsMatch(text.Bytes);
    }

    /// <inheritdoc cref="IsMatch(string)"/>
    /// <remarks>The path is UTF-8; bytes that are not are compared as they are.</remarks>
    public bool IsMatch(ReadOnlySpan<byte> path)
    {
        var rest = RoutePath.Folders(RoutePath.Of(path));
        var more = !rest.IsEmpty;
        foreach (var folder in Folders)
        {
            if (!more || !folder.Matches(RoutePath.TakeFolder(ref rest, out more)))
            {
                return false;
            }
        }

        return MatchesBelow || !more;
    }

    /// <summary>The pattern as it was written.</summary>
    public override string ToString() => Pattern;
}
