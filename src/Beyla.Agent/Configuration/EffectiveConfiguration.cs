using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Beyla.Agent.Configuration.Table;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>Prints what the agent was told, with defaults and without secrets, in a form that it can be told again.</summary>
internal static class EffectiveConfiguration
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Indented = Relaxed with { Indented = true };

    /// <summary>As YAML with the source of each value behind it.</summary>
    internal static string ToYaml(LoadedSettings loaded) => YamlWriter.Write(Show(loaded, option =>
    {
        var source = loaded.Origins.Find(option.Key)?.ToString() ?? "default";
        return option.IsSecret && source != "default" ? source + ", not shown" : source;
    }));

    /// <summary>As JSON on one line.</summary>
    internal static string ToJson(LoadedSettings loaded) => Json(Relaxed, json => NodeJson.Write(json, Show(loaded, _ => null)));

    /// <summary>The JSON schema of the configuration file.</summary>
    internal static string Schema() => Json(Indented, json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema"u8, "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("title"u8, "Configuration of Beyla for .NET");
        AgentOptionTable.Tree.WriteSchema(json);
        json.WriteEndObject();
    }) + "\n";

    private static MappingNode Show(LoadedSettings loaded, Func<AgentOption, string?> comment) =>
        AgentOptionTable.Tree.Show((option, key) => new(key, option.Show(loaded.Settings)) { Comment = comment(option) });

    private static string Json(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
