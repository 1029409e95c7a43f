namespace Beyla.Routing;

/// <summary>What an ignored path is left out of.</summary>
public enum RouteIgnoreMode
{
    /// <summary>Metrics and traces.</summary>
    All,

    /// <summary>Metrics; traces keep it.</summary>
    Metrics,

    /// <summary>Traces; metrics keep it.</summary>
    Traces,
}
