using System.Runtime.CompilerServices;
using System.Text;
using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Configuration.Table;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Tests.Configuration;

/// <summary>The reference in docs/configuration.md is made of the table. With <c>BEYLA_APPROVE=1</c> the test writes it anew.</summary>
public sealed class ReferenceTests
{
    private const string Begin = "<!-- reference: begin -->\n";
    private const string End = "<!-- reference: end -->\n";

    [Fact]
    public void The_reference_is_that_of_the_table()
    {
        var document = File.ReadAllText(Root("docs", "configuration.md"));
        var (start, end) = (document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, document.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("BEYLA_APPROVE") == "1")
        {
            File.WriteAllText(Root("docs", "configuration.md"), document[..start] + Reference() + document[end..]);
            return;
        }

        Assert.Equal(Reference(), document[start..end]);
    }

    [Fact]
    public void The_sample_loads_without_warnings_and_is_a_whole_task()
    {
        var loaded = SettingsLoader.Load(Configured.Environment(), [], Root("samples", "beyla-config.yml"));
        Assert.Empty(loaded.Errors);
        Assert.Empty(loaded.Warnings);
        Assert.Empty(loaded.Missing);
    }

    [Fact]
    public void The_examples_of_the_document_load_without_warnings()
    {
        var blocks = File.ReadAllText(Root("docs", "configuration.md")).Split("```yaml\n")[1..].Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToArray();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Configured.Well(block, ("API_KEY", "x")));
    }

    private static string Root(params string[] path) => Path.Combine([Here(), "..", "..", "..", .. path]);

    private static string Here([CallerFilePath] string caller = "") => Path.GetDirectoryName(caller)!;

    private static string Reference()
    {
        var text = new StringBuilder("\n### Top level\n\n");
        var top = AgentOptionTable.Tree.Options;
        Table(text, top.Where(option => !option.Key.Contains('.', StringComparison.Ordinal)), new AgentSettings());
        foreach (var section in top.Where(option => option.Key.Contains('.', StringComparison.Ordinal)).GroupBy(option => option.Key.Split('.')[0]))
        {
            text.Append($"### `{section.Key}`\n\n");
            Table(text, section, new AgentSettings());
        }

        text.Append("### Items of `discovery.instrument`, `exclude_instrument`, `default_exclude_instrument`\n\n");
        Fields(text, SelectorOptions.Globs);
        text.Append("In `discovery.services`, `exclude_services` and `default_exclude_services`, `exe_path` is a regular expression and there is no `cmd_args`.\n\n");
        text.Append("### Sections of `attributes.select`\n\n");
        Fields(text, AttributeSectionOptions.Tree);
        text.Append("### Conditions in `filter.application`\n\n");
        Fields(text, FilterOptions.Tree);
        text.Append("### Options of Beyla that are not available\n\nEach is a warning, with everything below it.\n\n");
        text.AppendJoin(", ", UnavailableOptions.Keys.Select(key => $"`{key}`")).Append(".\n\n");
        return text.ToString();
    }

    private static void Table<TOwner>(StringBuilder text, IEnumerable<OptionOf<TOwner>> options, TOwner defaults)
    {
        text.Append("| Key | Value | Default | Variables | |\n| --- | --- | --- | --- | --- |\n");
        foreach (var option in options)
        {
            var variables = option.Variables.Where(variable => !variable.IsAlias).Select(variable => $"`{variable.Name}`");
            text.Append($"| `{option.Key}`{(option.IsOwn ? " \\*" : "")} | {Cell(option.Word)} | {Default(option.Show(defaults))} | {string.Join(" ", variables)} | {Cell(option.Summary)} |\n");
        }

        text.Append('\n');
    }

    private static void Fields<TOwner>(StringBuilder text, OptionTree<TOwner> tree)
        where TOwner : new()
    {
        text.Append("| Key | Value | |\n| --- | --- | --- |\n");
        foreach (var option in tree.Options)
        {
            text.Append($"| `{option.Key}` | {Cell(option.Word)} | {Cell(option.Summary)} |\n");
        }

        text.Append('\n');
    }

    private static string Default(ConfigNode node) => node switch
    {
        ScalarNode { Kind: ScalarKind.Null } => "",
        ScalarNode scalar => $"`{scalar.Text}`",
        SequenceNode { Items: [] } => "",
        SequenceNode list => string.Join(", ", list.Items.Select(Default)).Replace("`, `", ", ", StringComparison.Ordinal),
        _ => "",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*:", "\\*:", StringComparison.Ordinal);
}
