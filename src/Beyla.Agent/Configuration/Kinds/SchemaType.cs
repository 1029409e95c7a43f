using System.Text.Json;

namespace Beyla.Agent.Configuration.Kinds;

internal static class SchemaType
{
    /// <summary>Writes the types that a value may have. A key without a value says nothing, so <c>null</c> is mostly one of them.</summary>
    internal static void Write(Utf8JsonWriter json, params ReadOnlySpan<string> types)
    {
        json.WriteStartArray("type"u8);
        foreach (var type in types)
        {
            json.WriteStringValue(type);
        }

        json.WriteEndArray();
    }
}
