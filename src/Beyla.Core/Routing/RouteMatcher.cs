namespace Beyla.Routing;

/// <summary>
/// Finds the most specific of many patterns for a path. Folders are compared from the left: literal text goes before text with variables
/// in it (longer text first), these before a variable with an expression, that before a plain variable, and a final <c>*</c> comes last.
/// A choice that leads nowhere is taken back. The order of definition decides between equals only: the first one wins. Immutable and
/// safe for concurrent use.
/// </summary>
public sealed class RouteMatcher
{
    private readonly RouteNode _root = new();

    /// <summary>Prepares patterns for matching.</summary>
    public RouteMatcher(IEnumerable<RouteTemplate> templates)
    {
        ArgumentNullException.ThrowIfNull(templates);
        foreach (var template in templates)
        {
            _root.Add(template);
            Count++;
        }
    }

    /// <summary>Reads and prepares patterns for matching.</summary>
    /// <exception cref="FormatException">A pattern is not valid; see <see cref="RouteTemplate.Parse"/>.</exception>
    public RouteMatcher(params IEnumerable<string> patterns)
        : this((patterns ?? throw new ArgumentNullException(nameof(patterns))).Select(RouteTemplate.Parse))
    {
    }

    /// <summary>Number of patterns.</summary>
    public int Count { get; }

    /// <summary>The most specific pattern of a path, as it was written; <see langword="null"/> when there is none.</summary>
    /// <remarks>A query or fragment is left aside.</remarks>
    public string? Match(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var text = new Utf8Text(path, stackalloc byte[Utf8Text.StackSize]);
        return Match(text.Bytes);
    }

    /// <inheritdoc cref="Match(string)"/>
    /// <remarks>A query or fragment is left aside. Bytes that are not UTF-8 are compared as they are. Allocates nothing.</remarks>
    public string? Match(ReadOnlySpan<byte> path)
    {
        if (Count == 0)
        {
            return null;
        }

        var folders = RoutePath.Folders(RoutePath.Of(path));
        return _root.Find(folders, !folders.IsEmpty);
    }
}
