using System.Text;
using Beyla.Routing;

namespace Beyla.Core.Tests.Routing;

public class RouteTemplateTests
{
    [Theory]
    [InlineData("/user/{id}", "/user/7")]
    [InlineData("/user/{id}", "/user/7/")]
    [InlineData("/user/{id}", "/user/7?x=1")]
    [InlineData("/user/{id}", "/user/7#top")]
    [InlineData("/user/{id}", "http://example.org/user/7")]
    [InlineData("user/{id}/", "/user/7")]
    [InlineData("/user/:id", "/user/7")]
    [InlineData("/user/:", "/user/7")]
    [InlineData("/user/{}", "/user/7")]
    [InlineData("/user/{user-id}", "/user/7")]
    [InlineData("/@:user", "/@anna")]
    [InlineData("/@:user/posts", "/@anna/posts")]
    [InlineData("/foo/{id}.json", "/foo/a.b.json")]
    [InlineData("/flights/{from}-{to}", "/flights/a-b-c")]
    [InlineData("/flights/:from-:to", "/flights/fra-lis")]
    [InlineData("/v1/{name}:cancel", "/v1/job7:cancel")]
    [InlineData("/{a}.{b}.{c}", "/1.2.3")]
    [InlineData("/{a}--{b}", "/---x")]
    [InlineData("/item/{id:[0-9]+}", "/item/42")]
    [InlineData("/item/{id:[0-9]{3}}", "/item/123")]
    [InlineData("/item/{id:[^/]+}/x", "/item/a/x")]
    [InlineData("/item/{id:int}", "/item/-42")]
    [InlineData("/item/{id:guid}.xml", "/item/0f8fad5b-d9cb-469f-a165-70867728950e.xml")]
    [InlineData("/{lang:en|de}", "/de")]
    [InlineData("/{a:[0-9]+}{b:x}", null)]
    [InlineData("/{lang:en|de}-{rest}", "/de-AT")]
    [InlineData("/ski/*", "/ski")]
    [InlineData("/ski/*", "/ski/")]
    [InlineData("/ski/*", "/ski/doo/new/")]
    [InlineData("/ski/**", "/ski/doo/new/")]
    [InlineData("/ski/{*rest}", "/ski/doo/new/")]
    [InlineData("/ski/{**rest}", "/ski")]
    [InlineData("/users/*/posts", "/users/7/posts")]
    [InlineData("/", "/")]
    [InlineData("/*", "/")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/straße", "/straße")]
    public void A_pattern_matches_its_paths_as_text_and_as_bytes(string pattern, string? path)
    {
        if (path is null)
        {
            Assert.False(RouteTemplate.TryParse(pattern, out _, out _));
            return;
        }

        var template = RouteTemplate.Parse(pattern);

        Assert.True(template.IsMatch(path));
        Assert.True(template.IsMatch(Encoding.UTF8.GetBytes(path)));
        Assert.Equal(pattern, new RouteMatcher([template]).Match(path));
        Assert.Equal(pattern, template.ToString());
    }

    [Theory]
    [InlineData("/user/{id}", "/user")]
    [InlineData("/user/{id}", "/user/")]
    [InlineData("/user/{id}", "/user//")]
    [InlineData("/user/{id}", "/user/7/x")]
    [InlineData("/user/{id}", "/User/7")]
    [InlineData("/user/a%20b", "/user/a b")]
    [InlineData("/@:user", "/@")]
    [InlineData("/foo/{id}.json", "/foo/.json")]
    [InlineData("/foo/{id}.json", "/foo/1.xml")]
    [InlineData("/flights/{from}-{to}", "/flights/a-")]
    [InlineData("/flights/{from}-{to}", "/flights/-b")]
    [InlineData("/aba{x}aba", "/abaaba")]
    [InlineData("/{a}-{b}-{c}", "/1-2")]
    [InlineData("/item/{id:[0-9]+}", "/item/42a")]
    [InlineData("/item/{id:[0-9]{3}}", "/item/12")]
    [InlineData("/item/{id:int}", "/item/int")]
    [InlineData("/{lang:en|de}-{rest}", "/en")]
    [InlineData("/ski/*", "/skis")]
    [InlineData("/users/*/posts", "/users/posts")]
    [InlineData("/users/*/posts", "/users/7/8/posts")]
    [InlineData("/a//b", "/a/b")]
    [InlineData("/", "/a")]
    public void A_pattern_does_not_match_other_paths(string pattern, string path)
    {
        var template = RouteTemplate.Parse(pattern);

        Assert.False(template.IsMatch(path));
        Assert.Null(new RouteMatcher([template]).Match(path));
    }

    [Theory]
    [InlineData("/user/{id", 6, "add '}'")]
    [InlineData("/user/id}", 8, "closes no variable")]
    [InlineData("/{a}{b}", 4, "put text between")]
    [InlineData("/:a:b/{c}{d}", 9, "put text between")]
    [InlineData("/a/*.js", 3, "folder of its own")]
    [InlineData("/a*", 2, "folder of its own")]
    [InlineData("/a/**/b", 3, "only be the last")]
    [InlineData("/{*rest}/b", 1, "last one")]
    [InlineData("/x{*rest}", 2, "whole folder")]
    [InlineData("/a?b=1", 2, "remove it")]
    [InlineData("/a b", 2, "%20")]
    [InlineData("/{id?}", 1, "'?' cannot be in the name")]
    [InlineData("/{id:}", 1, "drop the colon")]
    [InlineData("/{id:[0-9}", 1, "regular expression")]
    [InlineData("/{id:(?=a)b}", 1, "regular expression")]
    [InlineData("/{id:min(1)}", 1, "ASP.NET Core")]
    [InlineData("/{id:int:min(1)}", 1, "ASP.NET Core")]
    [InlineData("/:id([0-9]+)", 4, "{id:[0-9]+}")]
    public void A_wrong_pattern_is_refused_with_its_text_the_position_and_a_way_out(string pattern, int position, string way)
    {
        var failure = Assert.Throws<FormatException>(() => RouteTemplate.Parse(pattern));

        Assert.StartsWith($"Route pattern '{pattern}' is not valid at position {position}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(way, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void An_empty_pattern_is_refused_with_the_pattern_for_every_path(string? pattern)
    {
        Assert.False(RouteTemplate.TryParse(pattern, out _, out var error));

        Assert.Contains("'/*'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_longer_than_any_buffer_still_meets_its_constraint()
    {
        var template = RouteTemplate.Parse("/{digits:[0-9]+}");

        Assert.True(template.IsMatch("/" + new string('7', 5000)));
        Assert.False(template.IsMatch("/" + new string('7', 5000) + "x"));
    }
}
