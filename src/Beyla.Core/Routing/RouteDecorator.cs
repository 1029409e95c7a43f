using System.Buffers;

namespace Beyla.Routing;

/// <summary>
/// Names the route of each path of one service and tells whether it is ignored. The first of these that has one names it: the patterns
/// of the rules, further patterns of the service, what <see cref="RouteOptions.Unmatched"/> says. An empty path has no route. It
/// remembers paths and, with <see cref="UnmatchedRoute.LowCardinality"/>, learns from them, all within fixed bounds of memory. Not safe
/// for concurrent use: one for each service, called by one thread at a time; the rules can be shared.
/// </summary>
public sealed class RouteDecorator
{
    private const int MostStrings = 4096;

    private readonly RouteRules _rules;
    private readonly IReadOnlyList<RouteMatcher> _serviceRoutes;
    private readonly RouteDecisionCache _cache = new();
    private readonly RouteStrings _strings = new(MostStrings);
    private readonly PathTree? _tree;

    /// <summary>Creates a decorator from options of its own.</summary>
    /// <exception cref="ArgumentException">Some values are wrong; the message has a line for each.</exception>
    public RouteDecorator(RouteOptions options)
        : this(new RouteRules(options))
    {
    }

    /// <summary>Creates a decorator for one service.</summary>
    /// <param name="rules">What holds for every service.</param>
    /// <param name="serviceRoutes">Patterns of this service, asked in this order when none of the rules matches.</param>
    public RouteDecorator(RouteRules rules, params IReadOnlyList<RouteMatcher> serviceRoutes)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(serviceRoutes);
        _rules = rules;
        _serviceRoutes = serviceRoutes;
        _tree = rules is { Unmatched: UnmatchedRoute.LowCardinality, MaxNames: > 0 } ? new PathTree(rules.MaxNames, rules.Wildcard) : null;
    }

    /// <summary>Paths that got <c>/**</c> because the service has more routes than are remembered.</summary>
    public long OverflowedPaths => _tree?.Overflowed ?? 0;

    /// <summary>Decides about a path.</summary>
    /// <param name="path">The path of a request target as sent; a query or fragment is left aside.</param>
    /// <param name="learn">
    /// Whether the path may teach <see cref="UnmatchedRoute.LowCardinality"/> a new name. With <see langword="false"/> an unknown one is
    /// <c>/**</c>: for answers such as 404, so that what scanners ask for does not drown the routes that exist.
    /// </param>
    public RouteDecision Decorate(string path, bool learn = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var text = new Utf8Text(path, stackalloc byte[Utf8Text.StackSize]);
        return Decorate(text.Bytes, learn);
    }

    /// <inheritdoc cref="Decorate(string, bool)"/>
    /// <remarks>The path is UTF-8, though any bytes will do. Allocates nothing for a path that was decided lately.</remarks>
    public RouteDecision Decorate(ReadOnlySpan<byte> path, bool learn = true)
    {
        path = RoutePath.Of(path);
        var hash = ByteSequence.Hash(path);
        if (_cache.TryGet(path, hash, Generation, out var decision))
        {
            return decision;
        }

        decision = Flags(path) with { Route = RouteOf(path, learn) };
        // A path that the tree does not hold may be learned later, and each one that finds it full is counted.
        if (_tree is null || !ReferenceEquals(decision.Route, PathTree.Elsewhere))
        {
            _cache.Add(path, hash, Generation, decision);
        }

        return decision;
    }

    /// <summary>Decides about a path whose route the service itself has told: it is kept, and nothing is learned.</summary>
    /// <param name="path">The path, as in <see cref="Decorate(ReadOnlySpan{byte}, bool)"/>.</param>
    /// <param name="knownRoute">The route.</param>
    public RouteDecision Decorate(ReadOnlySpan<byte> path, string knownRoute)
    {
        ArgumentException.ThrowIfNullOrEmpty(knownRoute);
        return Flags(path) with { Route = knownRoute };
    }

    private int Generation => _tree?.Generation ?? 0;

    private RouteDecision Flags(ReadOnlySpan<byte> path)
    {
        var ignored = _rules.Ignored.Match(path) is not null;
        return new RouteDecision(null, ignored && _rules.IgnoreMetrics, ignored && _rules.IgnoreTraces);
    }

    private string? RouteOf(ReadOnlySpan<byte> path, bool learn)
    {
        if (path.IsEmpty)
        {
            return null;
        }

        var route = _rules.Patterns.Match(path);
        for (var i = 0; route is null && i < _serviceRoutes.Count; i++)
        {
            route = _serviceRoutes[i].Match(path);
        }

        return route ?? _rules.Unmatched switch
        {
            UnmatchedRoute.Unset => null,
            UnmatchedRoute.Path => _strings.Of(path),
            UnmatchedRoute.Wildcard => PathTree.Elsewhere,
            _ => Guess(path, learn),
        };
    }

    private string Guess(ReadOnlySpan<byte> path, bool learn)
    {
        // One half for the path with wildcards, one for the route, which may be longer by a leading slash.
        var half = path.Length + 1;
        var rented = half * 2 > Utf8Text.StackSize ? ArrayPool<byte>.Shared.Rent(half * 2) : null;
        Span<byte> buffer = rented ?? stackalloc byte[Utf8Text.StackSize];
        var classified = buffer[..PathClassifier.Write(path, _rules.Wildcard, buffer)];
        var route = _tree is null ? _strings.Of(classified) : _tree.RouteOf(classified, learn, buffer[half..]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return route;
    }
}
