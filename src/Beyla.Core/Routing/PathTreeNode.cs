namespace Beyla.Routing;

/// <summary>A folder of <see cref="PathTree"/> with what was seen below it.</summary>
internal sealed class PathTreeNode
{
    /// <summary>Children by name, until there are too many.</summary>
    internal Dictionary<byte[], PathTreeNode>? Names { get; set; }

    /// <summary>The one child of all names, once there were too many.</summary>
    internal PathTreeNode? Any { get; set; }

    /// <summary>The child between two slashes, which has no name and does not count.</summary>
    internal PathTreeNode? Empty { get; set; }

    /// <summary>The route that ends here, once it was asked for.</summary>
    internal string? Route { get; set; }

    /// <summary>As <see cref="Route"/>, with a trailing slash.</summary>
    internal string? RouteWithSlash { get; set; }

    /// <summary>Drops the routes from here down: a folder above them has changed its name.</summary>
    internal void ForgetRoutes()
    {
        Route = null;
        RouteWithSlash = null;
        Any?.ForgetRoutes();
        Empty?.ForgetRoutes();
        foreach (var child in Names?.Values ?? Enumerable.Empty<PathTreeNode>())
        {
            child.ForgetRoutes();
        }
    }
}
