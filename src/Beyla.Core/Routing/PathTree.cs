using System.Text;

namespace Beyla.Routing;

/// <summary>
/// Learns which folders of a service take many names and gives those a wildcard, for good. What it can answer is bounded: a folder has
/// <c>maxNames</c> children at most, and the tree <see cref="MaxNodes"/> nodes.
/// </summary>
/// <param name="maxNames">Names that a folder may take, 1 or more.</param>
/// <param name="wildcard">Stands for all of them once there are more.</param>
/// <param name="maxNodes">Limit of <see cref="NodeCount"/>.</param>
internal sealed class PathTree(int maxNames, byte wildcard, int maxNodes = PathTree.MaxNodes)
{
    internal const int MaxNodes = 10_000;

    /// <summary>The route of paths that the tree does not know and does not learn.</summary>
    internal const string Elsewhere = "/**";

    // A field, because spans are made of it.
    private readonly byte _wildcard = wildcard;

    /// <summary>Changes whenever a route given earlier may be another one now.</summary>
    internal int Generation { get; private set; }

    internal PathTreeNode Root { get; } = new();

    /// <summary>Nodes below the root.</summary>
    internal int NodeCount { get; private set; }

    /// <summary>Paths that got <see cref="Elsewhere"/> because the tree was full.</summary>
    internal long Overflowed { get; private set; }

    /// <param name="path">As <see cref="PathClassifier"/> wrote it.</param>
    /// <param name="learn">Whether a path that is not known is added; otherwise it is <see cref="Elsewhere"/>.</param>
    /// <param name="buffer">Longer than <paramref name="path"/> by one byte at least.</param>
    internal string RouteOf(ReadOnlySpan<byte> path, bool learn, Span<byte> buffer)
    {
        var withSlash = path is [_, .., (byte)'/'];
        var folders = RoutePath.Folders(path);
        var node = Root;
        var written = 0;
        for (var more = !folders.IsEmpty; more;)
        {
            var folder = RoutePath.TakeFolder(ref folders, out more);
            var next = Step(node, ref folder, learn);
            if (next is null)
            {
                return Elsewhere;
            }

            node = next;
            buffer[written++] = (byte)'/';
            folder.CopyTo(buffer[written..]);
            written += folder.Length;
        }

        if (withSlash || written == 0)
        {
            buffer[written++] = (byte)'/';
            return node.RouteWithSlash ??= Encoding.UTF8.GetString(buffer[..written]);
        }

        return node.Route ??= Encoding.UTF8.GetString(buffer[..written]);
    }

    private PathTreeNode? Step(PathTreeNode node, ref ReadOnlySpan<byte> folder, bool learn)
    {
        if (folder.IsEmpty)
        {
            return node.Empty ??= Create(learn);
        }

        if (node.Any is null && node.Names is { } names)
        {
            if (names.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(folder, out var known))
            {
                return known;
            }

            if (names.Count >= maxNames && learn)
            {
                Collapse(node);
            }
        }

        if (node.Any is { } any)
        {
            folder = new ReadOnlySpan<byte>(in _wildcard);
            return any;
        }

        if (Create(learn) is not { } child)
        {
            return null;
        }

        (node.Names ??= new Dictionary<byte[], PathTreeNode>(ByteSequence.Comparer)).Add(folder.ToArray(), child);
        return child;
    }

    private PathTreeNode? Create(bool learn)
    {
        if (!learn)
        {
            return null;
        }

        if (NodeCount >= maxNodes)
        {
            Overflowed++;
            return null;
        }

        NodeCount++;
        return new PathTreeNode();
    }

    private void Collapse(PathTreeNode node)
    {
        var names = node.Names;
        node.Names = null;
        node.Any = new PathTreeNode();
        NodeCount++;
        Generation++;
        foreach (var child in names?.Values ?? Enumerable.Empty<PathTreeNode>())
        {
            Merge(node.Any, child);
        }

        node.Any.ForgetRoutes();
    }

    /// <summary>Moves what is below one node below another, which may in turn get too many children.</summary>
    private void Merge(PathTreeNode into, PathTreeNode from)
    {
        NodeCount--;
        if (from.Empty is { } empty)
        {
            into.Empty = Joined(into.Empty, empty);
        }

        if (from.Any is { } any)
        {
            if (into.Any is null)
            {
                Collapse(into);
            }

            Merge(into.Any!, any);
        }

        foreach (var (name, child) in from.Names ?? [])
        {
            if (into.Any is not null)
            {
                Merge(into.Any, child);
                continue;
            }

            into.Names ??= new Dictionary<byte[], PathTreeNode>(ByteSequence.Comparer);
            into.Names[name] = Joined(into.Names.GetValueOrDefault(name), child);
            if (into.Names.Count > maxNames)
            {
                Collapse(into);
            }
        }
    }

    private PathTreeNode Joined(PathTreeNode? into, PathTreeNode from)
    {
        if (into is null)
        {
            return from;
        }

        Merge(into, from);
        return into;
    }
}
