using System.Text;
using Beyla.Routing;
using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Routing;

public class RouteDecoratorTests
{
    [Theory]
    [InlineData(UnmatchedRoute.Unset, null)]
    [InlineData(UnmatchedRoute.Path, "/some/path7")]
    [InlineData(UnmatchedRoute.Wildcard, "/**")]
    [InlineData(UnmatchedRoute.Heuristic, "/some/*")]
    [InlineData(UnmatchedRoute.LowCardinality, "/some/*")]
    public void Patterns_come_first_and_the_mode_names_the_rest(UnmatchedRoute mode, string? route)
    {
        var decorator = new RouteDecorator(new RouteOptions { Patterns = { "/user/:id" }, Unmatched = mode });

        Assert.Equal("/user/:id", decorator.Decorate("/user/1234").Route);
        Assert.Equal(route, decorator.Decorate("/some/path7").Route);
        Assert.Equal(route, decorator.Decorate("/some/path7?a=/b#c").Route);
        Assert.Equal(route, decorator.Decorate("https://example.org:81/some/path7").Route);
        Assert.Null(decorator.Decorate("").Route);
        Assert.Null(decorator.Decorate("?x").Route);
    }

    [Theory]
    [InlineData(RouteIgnoreMode.All, true, true)]
    [InlineData(RouteIgnoreMode.Metrics, true, false)]
    [InlineData(RouteIgnoreMode.Traces, false, true)]
    public void Ignored_paths_still_have_a_route(RouteIgnoreMode mode, bool metrics, bool traces)
    {
        var decorator = new RouteDecorator(new RouteOptions { IgnoredPatterns = { "/health/*" }, IgnoreMode = mode });

        Assert.Equal(new RouteDecision("/health/live", metrics, traces), decorator.Decorate("/health/live"));
        Assert.Equal(new RouteDecision("/orders", false, false), decorator.Decorate("/orders"));
    }

    [Fact]
    public void A_route_told_by_the_service_is_kept_and_can_be_ignored()
    {
        var decorator = new RouteDecorator(new RouteOptions { Patterns = { "/a" }, IgnoredPatterns = { "/a" } });

        Assert.Equal(new RouteDecision("GET-a", true, true), decorator.Decorate("/a?b"u8, "GET-a"));
    }

    [Fact]
    public void Routes_of_the_service_come_after_the_rules_in_their_order()
    {
        var rules = new RouteRules(new RouteOptions { Patterns = { "/a/{rule}" }, Unmatched = UnmatchedRoute.Unset });
        var decorator = new RouteDecorator(rules, new RouteMatcher("/a/x", "/b/{first}"), new RouteMatcher("/b/x", "/c"));

        Assert.Equal("/a/{rule}", decorator.Decorate("/a/x").Route);
        Assert.Equal("/b/{first}", decorator.Decorate("/b/x").Route);
        Assert.Equal("/c", decorator.Decorate("/c").Route);
        Assert.Null(decorator.Decorate("/d").Route);
    }

    [Fact]
    public void A_remembered_route_is_given_up_when_its_folder_becomes_a_wildcard()
    {
        var decorator = new RouteDecorator(new RouteOptions { MaxPathSegmentCardinality = 2, WildcardChar = '~' });
        Assert.Equal("/users/anna", decorator.Decorate("/users/anna").Route);
        Assert.Equal("/users/bert", decorator.Decorate("/users/bert").Route);
        Assert.Equal("/users/anna", decorator.Decorate("/users/anna").Route);

        Assert.Equal("/users/~", decorator.Decorate("/users/clara").Route);

        Assert.Equal("/users/~", decorator.Decorate("/users/anna").Route);
        Assert.Same(decorator.Decorate("/users/anna").Route, decorator.Decorate("/users/bert").Route);
    }

    [Fact]
    public void Without_a_limit_of_names_nothing_is_learned()
    {
        var decorator = new RouteDecorator(new RouteOptions { MaxPathSegmentCardinality = 0 });
        foreach (var name in new[] { "anna", "bert", "clara", "dora", "emil", "fritz", "gustav", "hanna", "ida", "julia", "karl", "lisa" })
        {
            Assert.Equal("/users/" + name, decorator.Decorate("/users/" + name).Route);
        }
    }

    [Fact]
    public void What_scanners_ask_for_does_not_drown_the_routes_that_exist()
    {
        var decorator = new RouteDecorator(new RouteOptions { MaxPathSegmentCardinality = 2 });
        decorator.Decorate("/orders");
        foreach (var path in new[] { "/admin", "/backup", "/login", "/.env", "/config" })
        {
            Assert.Equal("/**", decorator.Decorate(path, learn: false).Route);
        }

        Assert.Equal("/login", decorator.Decorate("/login").Route);
        Assert.Equal("/orders", decorator.Decorate("/orders", learn: false).Route);
        Assert.Equal(0, decorator.OverflowedPaths);
    }

    [Fact]
    public void More_routes_than_are_remembered_are_counted()
    {
        var decorator = new RouteDecorator(new RouteOptions { MaxPathSegmentCardinality = 100_000 });
        const int Extra = 500;
        var paths = Names(PathTree.MaxNodes + Extra).ToList();

        var routes = paths.Select(path => decorator.Decorate(path).Route).ToHashSet();

        Assert.Equal(PathTree.MaxNodes + 1, routes.Count);
        Assert.Equal(Extra, decorator.OverflowedPaths);
        Assert.Equal("/**", decorator.Decorate(paths[^1]).Route);
        Assert.Equal(Extra + 1, decorator.OverflowedPaths);
        Assert.Equal(paths[0], decorator.Decorate(paths[0]).Route);
    }

    [Theory]
    [InlineData(UnmatchedRoute.LowCardinality)]
    [InlineData(UnmatchedRoute.Heuristic)]
    [InlineData(UnmatchedRoute.Path)]
    public void A_path_decided_lately_costs_no_allocation(UnmatchedRoute mode)
    {
        var options = new RouteOptions { Patterns = { "/user/{id}" }, IgnoredPatterns = { "/health" }, Unmatched = mode };
        var decorator = new RouteDecorator(options);
        byte[][] paths = ["/user/17"u8.ToArray(), "/orders/17/lines"u8.ToArray(), "/health"u8.ToArray(), "/"u8.ToArray()];

        Assert.Equal(0, Allocated(() => DecorateAll(decorator, paths)));
    }

    [Fact]
    public void New_values_in_known_routes_cost_no_allocation()
    {
        var decorator = new RouteDecorator(new RouteOptions { Patterns = { "/user/{id}" } });
        var paths = Enumerable.Range(100_000, 4 * RouteDecisionCache.Capacity)
            .SelectMany(id => new[] { $"/user/{id}", $"/orders/{id}/lines" }).Select(Encoding.UTF8.GetBytes).ToArray();

        Assert.Equal(0, Allocated(() => DecorateAll(decorator, paths)));
    }

    private static void DecorateAll(RouteDecorator decorator, byte[][] paths)
    {
        foreach (var path in paths)
        {
            decorator.Decorate(path);
        }
    }

    private static long Allocated(Action action)
    {
        action();
        action();
        return Allocations.Of(action);
    }

    /// <summary>Folders of words of three letters, all of which pass as names.</summary>
    private static IEnumerable<string> Names(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return $"/{(char)('a' + (i / 676 % 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i % 26))}";
        }
    }
}
