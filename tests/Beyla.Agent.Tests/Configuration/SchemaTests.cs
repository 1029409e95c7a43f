using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Yaml;
using Json.Schema;

namespace Beyla.Agent.Tests.Configuration;

/// <summary>The schema agrees with the loader.</summary>
public sealed class SchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(EffectiveConfiguration.Schema());

    [Fact]
    public void It_is_a_schema() =>
        Assert.True(MetaSchemas.Draft202012.Evaluate(JsonDocument.Parse(EffectiveConfiguration.Schema()).RootElement).IsValid);

    [Fact]
    public void It_accepts_every_option_and_what_is_shown_of_it()
    {
        var yaml = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Configuration", "every-option.yml"));
        Assert.True(Accepts(yaml));
        Assert.True(Accepts(EffectiveConfiguration.ToYaml(Configured.By(yaml))));
        Assert.True(Accepts(EffectiveConfiguration.ToYaml(Configured.By(""))));
    }

    [Theory]
    [InlineData("prometheus_exprt: {}")]
    [InlineData("prometheus_export: {prt: 1}")]
    [InlineData("discovery: {instrument: [{exe: a}]}")]
    [InlineData("filter: {application: {url_path: {like: a}}}")]
    [InlineData("prometheus_export: {port: 70000}")]
    [InlineData("prometheus_export: {port: many}")]
    [InlineData("prometheus_export: {ttl: soon}")]
    [InlineData("routes: {unmatched: none}")]
    [InlineData("routes: {patterns: {a: b}}")]
    [InlineData("routes: [a]")]
    [InlineData("discovery: {instrument: [{exports: [logs]}]}")]
    public void It_refuses_what_the_loader_refuses(string yaml)
    {
        Assert.NotEmpty(Configured.By(yaml).Errors);
        Assert.False(Accepts(yaml));
    }

    [Theory]
    [InlineData("open_port: 8080")]
    [InlineData("log_level: info")]
    [InlineData("open_port: 80,443")]
    [InlineData("discovery: {instrument: [{languages: go, target_pids: 1}]}")]
    [InlineData("routes:")]
    [InlineData("prometheus_export: {ttl: 0}")]
    [InlineData("ebpf: {wakeup_len: 5}\nnetwork: {enable: true}")]
    public void It_accepts_what_the_loader_accepts(string yaml)
    {
        Assert.Empty(Configured.By(yaml).Errors);
        Assert.True(Accepts(yaml));
    }

    private static bool Accepts(string yaml)
    {
        var node = YamlReader.Read(new ExpandedText(Configured.File, yaml, Configured.Environment()), new Findings())!;
        return Schema.Evaluate(JsonDocument.Parse(Encoding.UTF8.GetBytes(Json(node)?.ToJsonString() ?? "null")).RootElement).IsValid;
    }

    // As YAML's core schema resolves plain scalars; whether a scalar had quotes does not matter here.
    private static JsonNode? Json(ConfigNode node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(Json)]),
        ScalarNode { Kind: ScalarKind.Null } => null,
        ScalarNode { Text: "true" or "false" } scalar => scalar.Text == "true",
        ScalarNode scalar when double.TryParse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture, out var number) && !scalar.Text.Contains(',', StringComparison.Ordinal) => number,
        ScalarNode scalar => scalar.Text,
        _ => throw new ArgumentException("unknown", nameof(node)),
    };
}
