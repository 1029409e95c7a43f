namespace Beyla.Routing;

/// <summary>A place in the tree of patterns. Written while a matcher is built, only read afterwards.</summary>
internal sealed class RouteNode
{
    private readonly List<(RouteFolder Folder, RouteNode Node)> _variables = [];
    private Dictionary<byte[], RouteNode>? _literals;
    private string? _here;
    private string? _below;

    internal void Add(RouteTemplate template)
    {
        var node = this;
        foreach (var folder in template.Folders)
        {
            node = folder.Literal is { } literal ? node.Child(literal) : node.Child(folder);
        }

        if (template.MatchesBelow)
        {
            node._below ??= template.Pattern;
        }
        else
        {
            node._here ??= template.Pattern;
        }
    }

    /// <summary>A path visits each node once at most, so going back never costs more than all folders of all patterns.</summary>
    internal string? Find(ReadOnlySpan<byte> folders, bool more)
    {
        if (!more)
        {
            return _here ?? _below;
        }

        var folder = RoutePath.TakeFolder(ref folders, out more);
        if (_literals is not null
            && _literals.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(folder, out var child)
            && child.Find(folders, more) is { } found)
        {
            return found;
        }

        foreach (var (variable, node) in _variables)
        {
            if (variable.Matches(folder) && node.Find(folders, more) is { } route)
            {
                return route;
            }
        }

        return _below;
    }

    private RouteNode Child(byte[] literal)
    {
        _literals ??= new Dictionary<byte[], RouteNode>(ByteSequence.Comparer);
        if (!_literals.TryGetValue(literal, out var node))
        {
            _literals.Add(literal, node = new RouteNode());
        }

        return node;
    }

    private RouteNode Child(RouteFolder folder)
    {
        var at = 0;
        foreach (var (known, node) in _variables)
        {
            if (known.HasShapeOf(folder))
            {
                return node;
            }

            if (!IsMoreSpecific(folder, known))
            {
                at++;
            }
        }

        var added = new RouteNode();
        _variables.Insert(at, (folder, added));
        return added;
    }

    private static bool IsMoreSpecific(RouteFolder folder, RouteFolder other) =>
        folder.LiteralLength != other.LiteralLength
            ? folder.LiteralLength > other.LiteralLength
            : folder.IsConstrained && !other.IsConstrained;
}
