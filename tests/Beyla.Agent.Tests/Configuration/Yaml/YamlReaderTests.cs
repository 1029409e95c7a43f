using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Yaml;
using CsCheck;

namespace Beyla.Agent.Tests.Configuration.Yaml;

public sealed class YamlReaderTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        Gen.OneOf("", "true", "null", "~", "1", "1e3", "0x1f", "5s", "- a", "a: b", "# no", " a ", "a #b", "'", "\"", "\\", "a\nb", "\r", "\t", "${X}", "$${X}", "é😀", "\u2028", "%", "@a", "*", "&a", "!a", "{a}", "[a", "yes"));

    [Fact]
    public void Nodes_know_what_and_where_they_are()
    {
        var top = Mapping("a: 1\nb:\n  - x\n  - {y: z}\n\"c d\": ~");
        Assert.Equal(["a", "b", "c d"], top.Entries.Select(entry => entry.Key));
        Assert.Equal("beyla.yml:1:4", top.Entries[0].Position!.ToString());
        Assert.Equal("beyla.yml:2:1", top.Entries[1].Position!.ToString());
        var list = Assert.IsType<SequenceNode>(top.Entries[1].Value);
        Assert.Equal("beyla.yml:4:5", list.Items[1].Position!.ToString());
        Assert.Equal(ScalarKind.Null, Assert.IsType<ScalarNode>(top.Entries[2].Value).Kind);
    }

    [Theory]
    [InlineData("a:", ScalarKind.Null)]
    [InlineData("a: null", ScalarKind.Null)]
    [InlineData("a: \"\"", ScalarKind.Text)]
    [InlineData("a: 'null'", ScalarKind.Text)]
    [InlineData("a: 12", ScalarKind.Text)]
    public void Nothing_is_not_the_same_as_an_empty_text(string yaml, object kind) =>
        Assert.Equal(kind, Assert.IsType<ScalarNode>(Assert.Single(Mapping(yaml).Entries).Value).Kind);

    [Fact]
    public void Aliases_and_merge_keys_repeat_what_was_written_and_what_is_written_wins()
    {
        var top = Mapping("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {<<: [*x, *y], a: 0}\nw: *x");
        Assert.Equal("{a: 0, b: 2, c: 4}", Text(top.Entries[2].Value));
        Assert.Equal("{a: 1, b: 2}", Text(top.Entries[3].Value));

        static string Text(ConfigNode node) => $"{{{string.Join(", ", ((MappingNode)node).Entries.Select(entry => $"{entry.Key}: {((ScalarNode)entry.Value).Text}"))}}}";
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3", "beyla.yml:3:1: a is here for the second time; the first is in line 1.")]
    [InlineData("a: 1\n---\nb: 2", "beyla.yml:2:1: A second document begins here; a configuration is one document.")]
    [InlineData("? [a]\n: b", "beyla.yml:1:3: A key must be a word, not a list or section.")]
    [InlineData("a: *b", "beyla.yml:1:4: This is not YAML: no anchor &b stands before the alias *b.")]
    [InlineData("a: &a [*a]", "beyla.yml:1:8: This is not YAML: no anchor &a stands before the alias *a.")]
    [InlineData("a: {<<: 1}", "beyla.yml:1:5: << merges a section or a list of sections, not '1'.")]
    [InlineData("a: b: c", "beyla.yml:1:5: This is not YAML: ")]
    [InlineData("a: \"b", "beyla.yml:1:4: This is not YAML: ")]
    [InlineData("a: [1\nb: 2", "beyla.yml:1:4: This is not YAML")]
    [InlineData("a: 1\n\tb: 1", "beyla.yml:1:4: This is not YAML: While scanning a plain scalar, found a tab character that violate indentation, noticed at line 2, column 1.")]
    [InlineData("\ta: 1", "beyla.yml:1:2: A tab stands before this key; YAML is indented by spaces.")]
    [InlineData("# x\n \ta:\n    b: 1", "beyla.yml:2:3: A tab stands before this key; YAML is indented by spaces.")]
    public void What_is_not_right_is_told_with_its_place(string yaml, string beginning)
    {
        var findings = new Findings();
        YamlReader.Read(new ExpandedText(Configured.File, yaml, Configured.Environment()), findings);
        Assert.StartsWith(beginning, Assert.Single(findings.Errors), StringComparison.Ordinal);
        Assert.EndsWith(".", findings.Errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a:\t1")]
    [InlineData("\t# x\na: 1")]
    [InlineData("a:\t{b: 1,\n\tc: 2}")]
    [InlineData("a:\n  -\tb: 1")]
    [InlineData("a: |\n  x\n  \ty: 1\nb: 1")]
    public void A_tab_may_stand_where_it_does_not_indent(string yaml) => Assert.Equal("a", Mapping(yaml).Entries[0].Key);

    [Fact]
    public void A_place_behind_a_variable_is_the_one_in_the_file()
    {
        var findings = new Findings();
        var text = new ExpandedText(Configured.File, "a: ${LONG}\nb: [${LONG}\nc: {d: }}", Configured.Environment(("LONG", "one two three")));
        Assert.Null(YamlReader.Read(text, findings));
        Assert.Matches(@"^beyla.yml:[23]:\d+: This is not YAML", Assert.Single(findings.Errors));
    }

    [Theory]
    [InlineData("a: 1\r\n# é😀\r\nb: {c: 'é😀', d: [x]}\r\n", "beyla.yml:3:19")]
    [InlineData("a: 1\r# é😀\rb: {c: 'é😀', d: [x]}\r", "beyla.yml:3:19")]
    [InlineData("a: |\n  text\n  # text\n\n\nb: {c:\t'é😀', d: [x]}", "beyla.yml:6:19")]
    [InlineData("a: \"x\n\n  y\"\nb: {c: \"\\u00e9\", d: [x]}", "beyla.yml:4:22")]
    public void A_place_is_right_behind_any_line_ends_and_signs(string yaml, string expected)
    {
        var b = Assert.IsType<MappingNode>(Mapping(yaml).Entries[1].Value);
        Assert.Equal(expected, Assert.IsType<SequenceNode>(b.Entries[1].Value).Items[0].Position!.ToString());
    }

    [Theory]
    [InlineData("[")]
    [InlineData("- ")]
    [InlineData("{a: ")]
    public void Nesting_has_an_end(string level)
    {
        var findings = new Findings();
        Assert.Null(YamlReader.Read(new ExpandedText(Configured.File, string.Concat(Enumerable.Repeat(level, 5000)), Configured.Environment()), findings));
        Assert.StartsWith("beyla.yml:1:", Assert.Single(findings.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_file_is_the_reader_answers() => Gen.OneOf("a", ": ", "\n", "- ", "[", "]", "{", "}", ", ", "  ", "\t", "\"", "'", "|", ">", "&a ", "*a", "#", "---", "...", "%", "!!x ", "?", "<<: ", "${", "é", "\r", "\0")
        .Array[0, 30].Sample(
            parts =>
            {
                var findings = new Findings();
                var node = YamlReader.Read(new ExpandedText(Configured.File, string.Concat(parts), Configured.Environment()), findings);
                Assert.All(findings.Errors, error => Assert.Matches(@"^beyla\.yml:\d+:\d+: .*\.$", error));
                Assert.True(node is not null || findings.Errors.Count <= 1 + parts.Length);
            },
            iter: 20_000);

    [Fact]
    public void What_is_written_is_read_again() => Texts.Array[0, 5].Select(Texts.Array[1, 3]).Sample((items, keys) =>
    {
        var list = new SequenceNode([.. items.Select(item => new ScalarNode(ScalarKind.Text, item))]);
        var nested = new SequenceNode([list, new MappingNode([new("k", list)])]);
        var written = YamlWriter.Write(new([.. keys.Distinct().Select(key => new MappingEntry(key, nested) { Comment = "from: \"here\"\nnot there" })]));
        var read = Mapping(written);
        Assert.Equal(keys.Distinct(), read.Entries.Select(entry => entry.Key));
        foreach (var entry in read.Entries)
        {
            var outer = Assert.IsType<SequenceNode>(entry.Value);
            Assert.Equal(items, Items(outer.Items[0]));
            Assert.Equal(items, Items(Assert.Single(Assert.IsType<MappingNode>(outer.Items[1]).Entries).Value));
        }

        static IEnumerable<string> Items(ConfigNode node) => Assert.IsType<SequenceNode>(node).Items.Select(item => Assert.IsType<ScalarNode>(item).Text);
    });

    private static MappingNode Mapping(string yaml)
    {
        var findings = new Findings();
        var node = YamlReader.Read(new ExpandedText(Configured.File, yaml, Configured.Environment(("X", "x"))), findings);
        Assert.Empty(findings.Errors);
        return Assert.IsType<MappingNode>(node);
    }
}
