using System.Text;
using BenchmarkDotNet.Attributes;
using Beyla.Routing;

namespace Beyla.Benchmarks;

/// <summary>From a path to its route. "Known" paths were asked for lately; of "new" ones there are too many to be remembered.</summary>
[MemoryDiagnoser]
public class FindRoute
{
    private const int Known = 100;
    private const int New = 50_000;

    private static readonly string[] Patterns =
    [
        "/", "/health", "/login", "/users", "/users/{id}", "/users/{id}/orders", "/users/{id}/orders/{order}", "/articles/{slug}",
        "/articles/{slug}/comments", "/search", "/basket", "/basket/{item:[0-9]+}", "/static/*", "/api/v1/{resource}", "/api/v1/{resource}/{id}",
        "/api/v2/{resource}",
    ];

    private readonly byte[][] _known = Paths(Known);
    private readonly byte[][] _new = Paths(New);
    private readonly RouteMatcher _matcher = new(Patterns);
    private readonly RouteDecorator _patterns = Decorator(UnmatchedRoute.LowCardinality, Patterns);
    private readonly RouteDecorator _heuristic = Decorator(UnmatchedRoute.Heuristic);
    private readonly RouteDecorator _lowCardinality = Decorator(UnmatchedRoute.LowCardinality);
    private int _next;

    [Benchmark]
    public string? PatternAlone() => _matcher.Match(Next(_known));

    [Benchmark]
    public string? PatternOfKnownPath() => _patterns.Decorate(Next(_known)).Route;

    [Benchmark]
    public string? PatternOfNewPath() => _patterns.Decorate(Next(_new)).Route;

    [Benchmark]
    public string? HeuristicOfKnownPath() => _heuristic.Decorate(Next(_known)).Route;

    [Benchmark]
    public string? HeuristicOfNewPath() => _heuristic.Decorate(Next(_new)).Route;

    [Benchmark]
    public string? LowCardinalityOfKnownPath() => _lowCardinality.Decorate(Next(_known)).Route;

    [Benchmark]
    public string? LowCardinalityOfNewPath() => _lowCardinality.Decorate(Next(_new)).Route;

    private static RouteDecorator Decorator(UnmatchedRoute unmatched, params string[] patterns)
    {
        var options = new RouteOptions { Unmatched = unmatched };
        foreach (var pattern in patterns)
        {
            options.Patterns.Add(pattern);
        }

        return new RouteDecorator(options);
    }

    private static byte[][] Paths(int count)
    {
        var paths = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            paths[i] = Encoding.ASCII.GetBytes($"/users/{i * 7919}/orders");
        }

        return paths;
    }

    private ReadOnlySpan<byte> Next(byte[][] paths)
    {
        _next = _next + 1 < paths.Length ? _next + 1 : 0;
        return paths[_next];
    }
}
