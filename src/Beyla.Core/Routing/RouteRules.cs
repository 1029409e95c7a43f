namespace Beyla.Routing;

/// <summary>
/// Options in the form that decides. Immutable and safe for concurrent use: one serves the <see cref="RouteDecorator"/> of each service.
/// </summary>
public sealed class RouteRules
{
    /// <summary>Reads the options.</summary>
    /// <exception cref="ArgumentException">Some values are wrong; the message has a line for each.</exception>
    public RouteRules(RouteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate("routes", errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }

        Patterns = new RouteMatcher(options.Patterns);
        Ignored = new RouteMatcher(options.IgnoredPatterns);
        IgnoreMetrics = options.IgnoreMode != RouteIgnoreMode.Traces;
        IgnoreTraces = options.IgnoreMode != RouteIgnoreMode.Metrics;
        Unmatched = options.Unmatched;
        Wildcard = (byte)options.WildcardChar;
        MaxNames = options.MaxPathSegmentCardinality;
    }

    internal RouteMatcher Patterns { get; }

    internal RouteMatcher Ignored { get; }

    internal bool IgnoreMetrics { get; }

    internal bool IgnoreTraces { get; }

    internal UnmatchedRoute Unmatched { get; }

    internal byte Wildcard { get; }

    /// <summary>Names that a folder may take before it becomes a wildcard; 0 for no limit.</summary>
    internal int MaxNames { get; }
}
