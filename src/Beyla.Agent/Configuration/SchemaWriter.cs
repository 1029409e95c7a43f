using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>Writes the JSON schema of a level of the configuration (https://json-schema.org/draft/2020-12).</summary>
internal static class SchemaWriter
{
    /// <summary>Writes the members of the schema of a section.</summary>
    /// <param name="json">Where to; inside an object.</param>
    /// <param name="section">The section.</param>
    /// <param name="defaults">Settings of which nothing was said.</param>
    internal static void WriteSection<TOwner>(Utf8JsonWriter json, OptionSection<TOwner> section, TOwner defaults)
    {
        Kinds.SchemaType.Write(json, "object", "null");
        json.WriteBoolean("additionalProperties"u8, false);
        json.WriteStartObject("properties"u8);
        foreach (var (name, option) in section.Options)
        {
            json.WriteStartObject(name);
            json.WriteString("description"u8, Describe(option));
            option.WriteSchema(json);
            if (option.Show(defaults) is var value and not ScalarNode { Kind: ScalarKind.Null })
            {
                json.WritePropertyName("default"u8);
                NodeJson.Write(json, value);
            }

            json.WriteEndObject();
        }

        foreach (var (name, below) in section.Sections)
        {
            json.WriteStartObject(name);
            WriteSection(json, below, defaults);
            json.WriteEndObject();
        }

        foreach (var name in section.Unavailable)
        {
            json.WriteStartObject(name);
            json.WriteBoolean("deprecated"u8, true);
            json.WriteString("description"u8, "An option of Beyla that is not available here.");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Describe(AgentOption option) =>
        option.Variables.FirstOrDefault(variable => !variable.IsAlias) is { } variable ? $"{option.Summary}. Environment: {variable.Name}" : option.Summary;
}
