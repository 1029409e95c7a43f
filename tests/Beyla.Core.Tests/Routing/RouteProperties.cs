using System.Text;
using Beyla.Routing;
using CsCheck;

namespace Beyla.Core.Tests.Routing;

public class RouteProperties
{
    private static readonly Gen<string> Text = Gen.Char["abc019-._~"].Array[1, 4].Select(chars => new string(chars));

    /// <summary>A folder of a pattern with a folder that it must match.</summary>
    private static readonly Gen<(string Pattern, string Path)> Folder = Gen.OneOf(
        Text.Select(text => (text, text)),
        Text.Select(value => ("{v}", value)),
        Text.Select(value => (":v", value)),
        Text.Select(value => ("*", value)),
        Gen.Int[0, 99999].Select(value => ("{n:[0-9]+}", $"{value}")),
        Gen.Select(Text, Text, (prefix, value) => ($"{prefix}:v", prefix + value)),
        Gen.Select(Text, Text, Text, (value, text, second) => ($"{{v}}{text}{{w}}", value + text + second)),
        Gen.Select(Text, Text, Text, (before, value, after) => ($"{before}{{v}}{after}", before + value + after)));

    private static readonly Gen<(string Pattern, string Path)> Route = Gen.Select(
        Folder.Array[1, 5], Gen.Bool, (folders, slash) =>
            ("/" + string.Join('/', folders.Select(folder => folder.Pattern)) + "/end",
             "/" + string.Join('/', folders.Select(folder => folder.Path)) + "/end" + (slash ? "/" : "")));

    private static readonly Gen<byte[]> AnyBytes = Gen.Byte.Array[0, 80];

    private static readonly Gen<string> Messy = Gen.OneOf(
        Gen.String,
        Gen.OneOf(
            Gen.OneOf(
                "users", "v1", "7", "api", "", ".", "..", ";x", "é", "%41", "日本", "\ud800", "*", "**", "a-b", "?", "#", "://", "a:"),
            Text).Array[0, 14].Select(parts => "/" + string.Join('/', parts)));

    [Fact]
    public void A_path_made_from_a_pattern_matches_it() => Route.Sample(route =>
        RouteTemplate.Parse(route.Pattern).IsMatch(route.Path) && new RouteMatcher(route.Pattern).Match(route.Path) == route.Pattern);

    [Fact]
    public void A_matcher_finds_a_pattern_exactly_when_one_alone_matches() => Gen.Select(Route.Array[1, 8], Route).Sample((routes, other) =>
    {
        var templates = routes.Select(route => RouteTemplate.Parse(route.Pattern)).ToList();
        var matcher = new RouteMatcher(templates);
        foreach (var path in routes.Append(other).Select(route => route.Path))
        {
            var matching = templates.Where(template => template.IsMatch(path)).Select(template => template.Pattern).ToHashSet();
            var found = matcher.Match(path);
            Assert.True(found is null ? matching.Count == 0 : matching.Contains(found));
        }
    });

    [Fact]
    public void No_bytes_make_a_decision_throw() => Gen.Select(AnyBytes.Array[1, 20], Gen.Enum<UnmatchedRoute>()).Sample((paths, mode) =>
    {
        var decorator = NewDecorator(mode);
        foreach (var path in paths)
        {
            decorator.Decorate(path);
            decorator.Decorate([(byte)'/', .. path]);
        }
    });

    [Fact]
    public void Text_and_its_bytes_are_decided_alike() => Gen.Select(Messy.Array[1, 20], Gen.Enum<UnmatchedRoute>()).Sample((paths, mode) =>
    {
        var byText = NewDecorator(mode);
        var byBytes = NewDecorator(mode);
        foreach (var path in paths)
        {
            Assert.Equal(byText.Decorate(path), byBytes.Decorate(Encoding.UTF8.GetBytes(path)));
        }
    });

    [Fact]
    public void No_text_makes_a_pattern_throw() => Gen.OneOf(
        Messy, Gen.Char["/{}:*?[]()+a0-\\ ."].Array[0, 20].Select(chars => new string(chars)))
        .Sample(pattern => RouteTemplate.TryParse(pattern, out _, out var error) == error is null);

    [Fact]
    public void A_cache_never_changes_a_decision() => Gen.Select(Gen.Int[0, 40].Array[1, 400], Gen.Int[1, 4]).Sample((ids, max) =>
    {
        var tree = new PathTree(max, (byte)'*');
        var decorator = new RouteDecorator(new RouteOptions { MaxPathSegmentCardinality = max });
        foreach (var id in ids)
        {
            var path = $"/{(char)('a' + (id % 5))}/{(char)('a' + (id % 7))}/{(char)('a' + (id % 3))}";
            Assert.Equal(PathTreeTests.Learn(tree, path), decorator.Decorate(path).Route);
        }
    });

    [Fact]
    public void The_routes_of_a_tree_are_bounded_by_names_to_the_power_of_depth() =>
        Gen.Select(Gen.Int[0, 11].Array[1, 4].Array[1, 300], Gen.Int[1, 3]).Sample((paths, max) =>
        {
            var tree = new PathTree(max, (byte)'*');
            foreach (var path in paths)
            {
                PathTreeTests.Learn(tree, PathOf(path));
                Assert.Equal(PathTreeTests.NodesBelow(tree.Root), tree.NodeCount);
            }

            var settled = paths.Select(path => PathTreeTests.Learn(tree, PathOf(path))).ToHashSet();
            Assert.InRange(settled.Count, 1, max + (max * max) + (max * max * max) + (max * max * max * max));
            Assert.Equal(PathTreeTests.NodesBelow(tree.Root), tree.NodeCount);
        });

    private static string PathOf(int[] folders) => "/" + string.Join('/', folders);

    private static RouteDecorator NewDecorator(UnmatchedRoute mode) => new(new RouteOptions
    {
        Patterns = { "/users/{id:[0-9]+}", "/api/*", "/a-{b}-c/x" },
        IgnoredPatterns = { "/v1/*" },
        Unmatched = mode,
        MaxPathSegmentCardinality = 2,
    });
}
