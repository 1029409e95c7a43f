namespace Beyla.Routing;

/// <summary>The route of a path that no pattern matches.</summary>
public enum UnmatchedRoute
{
    /// <summary>None.</summary>
    Unset,

    /// <summary>The path itself. Each distinct path makes new series: for services whose paths carry no values.</summary>
    Path,

    /// <summary><c>/**</c> for all of them.</summary>
    Wildcard,

    /// <summary>The path with a wildcard for each folder that looks like a value: an id, a number, an address, random letters.</summary>
    Heuristic,

    /// <summary>As <see cref="Heuristic"/>, and a folder that takes too many values becomes a wildcard too.</summary>
    LowCardinality,
}
