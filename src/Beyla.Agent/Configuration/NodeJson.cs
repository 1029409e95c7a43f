using System.Globalization;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>Writes a part of a configuration as JSON.</summary>
internal static class NodeJson
{
    internal static void Write(Utf8JsonWriter json, ConfigNode node)
    {
        switch (node)
        {
            case ScalarNode scalar:
                Write(json, scalar);
                break;
            case SequenceNode list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case MappingNode mapping:
                json.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value);
                }

                json.WriteEndObject();
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, ScalarNode scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                json.WriteNullValue();
                break;
            case ScalarKind.Boolean:
                json.WriteBooleanValue(scalar.Text == "true");
                break;
            case ScalarKind.Number:
                json.WriteNumberValue(double.Parse(scalar.Text, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(scalar.Text);
                break;
        }
    }
}
