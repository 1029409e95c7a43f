using Beyla.Routing;

namespace Beyla.Core.Tests.Routing;

public class RoutesGuideTests
{
    [Fact]
    public void The_sample_runs()
    {
        var options = new RouteOptions { Patterns = { "/user/{id}", "/user/me" }, IgnoredPatterns = { "/health/*" } };
        var routes = new RouteDecorator(options);
        Assert.Equal("/user/{id}", routes.Decorate("/user/17").Route);
        Assert.Equal("/user/me", routes.Decorate("/user/me").Route);
        Assert.True(routes.Decorate("/health/live").IgnoreMetrics);
    }

    [Fact]
    public void The_sample_is_the_one_that_runs()
    {
        var source = RoutesGuide.Source("RoutesGuideTests.cs");

        Assert.All(RoutesGuide.Block("## Test your routes"), line => Assert.Contains(line, source, StringComparison.Ordinal));
    }

    [Fact]
    public void Patterns_match_as_the_guide_says()
    {
        var table = RoutesGuide.Table("<!-- checked: patterns -->");

        Assert.InRange(table.Count, 10, 100);
        Assert.All(table.Skip(1), row => Assert.Equal(row[2] == "yes", RouteTemplate.Parse(row[0]).IsMatch(row[1])));
    }

    [Fact]
    public void The_pattern_that_wins_is_the_one_of_the_guide()
    {
        const string Mark = "<!-- checked: specific -->";
        var matcher = new RouteMatcher(RoutesGuide.Block(Mark));
        var table = RoutesGuide.Table(Mark);

        Assert.InRange(table.Count, 5, 100);
        Assert.All(table.Skip(1), row => Assert.Equal(row[1], matcher.Match(row[0])));
    }

    [Fact]
    public void The_modes_name_paths_as_the_guide_says()
    {
        var table = RoutesGuide.Table("<!-- checked: unmatched -->");

        Assert.Equal(Enum.GetNames<UnmatchedRoute>(), table[0].Skip(1));
        foreach (var row in table.Skip(1))
        {
            Assert.All(Enum.GetValues<UnmatchedRoute>(), mode => Assert.Equal(
                row[1 + (int)mode], new RouteDecorator(new RouteOptions { Unmatched = mode }).Decorate(row[0]).Route ?? "–"));
        }
    }

    [Fact]
    public void The_heuristic_names_paths_as_the_guide_says()
    {
        var decorator = new RouteDecorator(new RouteOptions { Unmatched = UnmatchedRoute.Heuristic });
        var table = RoutesGuide.Table("<!-- checked: heuristic -->");

        Assert.InRange(table.Count, 10, 100);
        Assert.All(table.Skip(1), row => Assert.Equal(row[1], decorator.Decorate(row[0]).Route));
    }

    [Fact]
    public void Names_are_learned_as_the_guide_says()
    {
        var decorator = new RouteDecorator(new RouteOptions { MaxPathSegmentCardinality = 3 });
        var table = RoutesGuide.Table("<!-- checked: learned -->");

        Assert.InRange(table.Count, 5, 100);
        Assert.All(table.Skip(1), row => Assert.Equal(row[1], decorator.Decorate(row[0]).Route));
    }
}
