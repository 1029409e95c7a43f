using System.Text;
using Beyla.Discovery.Selection;
using CsCheck;

namespace Beyla.Core.Tests.Discovery;

public sealed class GlobTests
{
    [Theory]
    [InlineData("/usr/bin/nginx", "/usr/bin/nginx", true)]
    [InlineData("/usr/bin/nginx", "/usr/bin/nginx2", false)]
    [InlineData("/usr/bin/nginx", "x/usr/bin/nginx", false)]
    [InlineData("*nginx", "/usr/sbin/nginx", true)]
    [InlineData("*", "", true)]
    [InlineData("*", "/any/thing", true)]
    [InlineData("/opt/*/app", "/opt/a/b/app", true)]
    [InlineData("/opt/*/app", "/opt/app", false)]
    [InlineData("**", "/a", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("/bin/?sh", "/bin/zsh", true)]
    [InlineData("/bin/?sh", "/bin/sh", false)]
    [InlineData("/bin/app[0-9]", "/bin/app7", true)]
    [InlineData("/bin/app[0-9]", "/bin/appx", false)]
    [InlineData("/bin/app[!0-9]", "/bin/appx", true)]
    [InlineData("/bin/app[!0-9]", "/bin/app7", false)]
    [InlineData("[abx-z]", "b", true)]
    [InlineData("[abx-z]", "y", true)]
    [InlineData("[abx-z]", "c", false)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("*/{node,python*}", "/usr/bin/node", true)]
    [InlineData("*/{node,python*}", "/usr/bin/python3.12", true)]
    [InlineData("*/{node,python*}", "/usr/bin/nodejs", false)]
    [InlineData("a{,b}c", "ac", true)]
    [InlineData("a{,b}c", "abc", true)]
    [InlineData("{a,{b,c}d}e", "cde", true)]
    [InlineData("{a,{b,c}d}e", "ce", false)]
    [InlineData("a,b", "a,b", true)]
    [InlineData("a}b", "a}b", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("*otelcol-contrib[!/]*", "/otelcol-contrib-x", true)]
    public void Patterns_match_whole_paths(string pattern, string path, bool expected)
    {
        Assert.True(Glob.TryCompile(pattern, out var glob, out _));
        Assert.Equal(expected, glob.IsMatch(path));
    }

    [Theory]
    [InlineData("/a[bc", "[ has no ]", 2)]
    [InlineData("/a[]", "class is empty", 3)]
    [InlineData("[z-a]", "range", 4)]
    [InlineData("/a{b,c", "{ has no }", 2)]
    [InlineData("/a\\", "\\ ends the pattern", 2)]
    [InlineData("{{{{{{{{{{{{{{{{{a}}}}}}}}}}}}}}}}}", "nested too deeply", 16)]
    public void What_is_no_pattern_is_refused_with_the_place(string pattern, string problem, int position)
    {
        Assert.False(Glob.TryCompile(pattern, out _, out var message));
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.EndsWith($"at position {position}.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_beyond_the_bound_is_refused()
    {
        Assert.True(Glob.TryCompile(new string('a', 1023), out _, out _));
        Assert.False(Glob.TryCompile(new string('a', 1024), out _, out var problem));
        Assert.Contains("too long", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_made_to_be_slow_is_answered_at_once()
    {
        Assert.True(Glob.TryCompile(string.Concat(Enumerable.Repeat("{*a,*aa}", 40)), out var glob, out _));

        // A backtracking matcher would take longer than the universe is old.
        Assert.False(glob.IsMatch(new string('a', 2000) + "b"));
    }

    [Fact]
    public void No_pattern_and_no_path_throws()
    {
        var text = Characters("ab*?[]!-{},\\/\0\ud800").Array[0, 30];
        Gen.Select(text, text).Sample((pattern, path) =>
        {
            if (Glob.TryCompile(new string(pattern), out var glob, out var problem))
            {
                glob.IsMatch(path);
                return problem is null;
            }

            return problem!.Length > 0;
        }, iter: 20_000);
    }

    [Fact]
    public void An_escaped_path_matches_itself_and_nothing_else()
    {
        var text = Gen.Char[' ', '~'].Array[0, 30].Select(chars => new string(chars));
        Gen.Select(text, text).Sample((path, other) =>
        {
            var escaped = path.Aggregate(new StringBuilder(), (pattern, c) => pattern.Append('\\').Append(c)).ToString();
            return Glob.TryCompile(escaped, out var glob, out _) && glob.IsMatch(path) && glob.IsMatch(other) == (path == other);
        });
    }

    [Fact]
    public void Runs_and_single_characters_agree_with_a_recursive_definition()
    {
        var pattern = Characters("ab*?").Array[0, 8];
        var path = Characters("ab").Array[0, 8];
        Gen.Select(pattern, path).Sample((p, t) =>
            Glob.TryCompile(new string(p), out var glob, out _) && glob.IsMatch(t) == Matches(p, t), iter: 5000);
    }

    private static Gen<char> Characters(string all) => Gen.Int[0, all.Length - 1].Select(i => all[i]);

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) => pattern switch
    {
        [] => text.IsEmpty,
        ['*', .. var rest] => Matches(rest, text) || (!text.IsEmpty && Matches(pattern, text[1..])),
        ['?', .. var rest] => !text.IsEmpty && Matches(rest, text[1..]),
        [var c, .. var rest] => !text.IsEmpty && text[0] == c && Matches(rest, text[1..]),
    };
}
