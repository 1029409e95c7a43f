using Beyla.Routing;

namespace Beyla.Core.Tests.Routing;

public class RouteMatcherTests
{
    [Theory]
    [InlineData("/foo/bar/bae", "/foo/bar/bae/")]
    [InlineData("/foo/1234", "/foo/:id")]
    [InlineData("/foo/bar", "/foo/:id")]
    [InlineData("/ski/doo/new/", "/ski/*")]
    [InlineData("/ski", "/ski/*")]
    [InlineData("/other", null)]
    [InlineData("/foo/1234/5", null)]
    public void The_route_is_the_pattern_as_written(string path, string? route)
    {
        var matcher = new RouteMatcher("/foo/bar/bae/", "/foo/:id", "/ski/*");

        Assert.Equal(route, matcher.Match(path));
    }

    [Theory]
    [InlineData("/a/list", "/a/list")]
    [InlineData("/a/list-7", "/a/list-{n}")]
    [InlineData("/a/l7", "/a/l{n}")]
    [InlineData("/a/7", "/a/{id:[0-9]+}")]
    [InlineData("/a/seven", "/a/{id}")]
    [InlineData("/a/7/8/9", "/a/*")]
    [InlineData("/a/list/x", "/a/list/x")]
    [InlineData("/a/7/x", "/a/{id}/x")]
    [InlineData("/a", "/a/*")]
    [InlineData("/b", "/*")]
    [InlineData("/a/list/z", "/a/list/*")]
    [InlineData("/a/list/x/z", "/a/list/*")]
    [InlineData("/a/list-7/z", "/a/*")]
    public void The_most_specific_pattern_wins_in_any_order_of_definition(string path, string route)
    {
        string[] patterns =
        [
            "/*", "/a/*", "/a/{id}", "/a/{id:[0-9]+}", "/a/l{n}", "/a/list-{n}", "/a/list", "/a/{id}/x", "/a/list/x", "/a/list/*",
        ];
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            random.Shuffle(patterns);
            Assert.Equal(route, new RouteMatcher(patterns).Match(path));
        }
    }

    [Theory]
    [InlineData("/user/{id}", "/user/:name")]
    [InlineData("/user/*", "/user/**")]
    [InlineData("/user/a", "user/a/")]
    [InlineData("/{a}-{b}", "/{x}-{y}")]
    [InlineData("/{a:[0-9]+}", "/{b:[0-9]+}")]
    public void The_first_of_equal_patterns_wins(string first, string second)
    {
        var path = "/user/a";
        path = first.Contains('-', StringComparison.Ordinal) ? "/1-2" : path;
        path = first.Contains('[', StringComparison.Ordinal) ? "/12" : path;

        Assert.Equal(first, new RouteMatcher(first, second).Match(path));
        Assert.Equal(second, new RouteMatcher(second, first).Match(path));
    }

    [Fact]
    public void A_matcher_without_patterns_matches_nothing()
    {
        Assert.Null(new RouteMatcher(Array.Empty<string>()).Match("/"));
    }

    [Fact]
    public void A_learned_route_can_be_used_as_a_pattern()
    {
        var decorator = new RouteDecorator(new RouteOptions());
        var learned = decorator.Decorate("/users/17/posts/2024-05-05/comments").Route;

        Assert.Equal("/users/*/posts/*/comments", learned);
        Assert.Equal(learned, new RouteMatcher(learned!).Match("/users/99/posts/2025-01-01/comments"));
    }
}
