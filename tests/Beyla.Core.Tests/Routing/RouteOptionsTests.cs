using Beyla.Routing;

namespace Beyla.Core.Tests.Routing;

public class RouteOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_those_of_Beyla()
    {
        var options = new RouteOptions();
        var errors = new List<string>();

        options.Validate("routes", errors);

        Assert.Empty(errors);
        Assert.Equal(RouteIgnoreMode.All, options.IgnoreMode);
        Assert.Equal(UnmatchedRoute.LowCardinality, options.Unmatched);
        Assert.Equal('*', options.WildcardChar);
        Assert.Equal(10, options.MaxPathSegmentCardinality);
    }

    [Fact]
    public void Every_wrong_value_is_reported_with_its_name_and_a_way_out()
    {
        var options = new RouteOptions
        {
            Patterns = { "/ok", "/user/{id", null! },
            IgnoredPatterns = { "/a/*.js" },
            IgnoreMode = (RouteIgnoreMode)9,
            Unmatched = (UnmatchedRoute)9,
            WildcardChar = 'x',
            MaxPathSegmentCardinality = -1,
        };
        var errors = new List<string>();

        options.Validate("routes", errors);

        Assert.Collection(
            errors,
            error => Assert.Equal(
                "routes.Patterns[1]: Route pattern '/user/{id' is not valid at position 6: the variable is not closed; add '}'.", error),
            error => Assert.StartsWith("routes.Patterns[2]: ", error, StringComparison.Ordinal),
            error => Assert.StartsWith("routes.IgnoredPatterns[0]: Route pattern '/a/*.js'", error, StringComparison.Ordinal),
            error => Assert.Equal("routes.IgnoreMode: 9 is not known; use one of All, Metrics, Traces.", error),
            error => Assert.Equal("routes.Unmatched: 9 is not known; use one of Unset, Path, Wildcard, Heuristic, LowCardinality.", error),
            error => Assert.StartsWith("routes.WildcardChar: 'x' could be mistaken", error, StringComparison.Ordinal),
            error => Assert.StartsWith("routes.MaxPathSegmentCardinality: -1 is negative", error, StringComparison.Ordinal));
        var failure = Assert.Throws<ArgumentException>(() => new RouteRules(options));
        Assert.All(errors, error => Assert.Contains(error, failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData('/')]
    [InlineData('7')]
    [InlineData('é')]
    [InlineData('\n')]
    [InlineData(' ')]
    [InlineData('?')]
    public void A_wildcard_that_may_be_part_of_a_path_is_refused(char wildcard)
    {
        var errors = new List<string>();

        new RouteOptions { WildcardChar = wildcard }.Validate("routes", errors);

        Assert.StartsWith("routes.WildcardChar: ", Assert.Single(errors), StringComparison.Ordinal);
    }
}
