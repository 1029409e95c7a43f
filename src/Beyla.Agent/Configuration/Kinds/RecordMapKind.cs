using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>Sections under names of the user's choice, each with options of its own; in YAML alone. Sorted by name.</summary>
internal sealed class RecordMapKind<T>(string word, OptionTree<T> options) : ValueKind<ImmutableSortedDictionary<string, T>>
    where T : new()
{
    internal override string Word => word;

    internal override string? Parse(string text, out ImmutableSortedDictionary<string, T> value)
    {
        value = ImmutableSortedDictionary<string, T>.Empty;
        return "give it in the configuration file, as a section of sections";
    }

    internal override bool TryRead(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out ImmutableSortedDictionary<string, T> value)
    {
        value = default;
        if (node is not MappingNode mapping)
        {
            context.Error(key, node, "give a section, in it a section for each name");
            return false;
        }

        var items = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var path = $"{key}.{entry.Key}";
            context.Origins.Add(path, new(path, entry.Position));
            if (entry.Value is not MappingNode section)
            {
                context.Error(path, entry.Value, "give a section with keys");
                continue;
            }

            var item = new T();
            options.Read(item, section, path + ".", context);
            items[entry.Key] = item;
        }

        value = items.ToImmutable();
        return true;
    }

    internal override ConfigNode Show(ImmutableSortedDictionary<string, T> value) =>
        new MappingNode([.. value.Select(item => new MappingEntry(item.Key, options.ShowSaid(item.Value)))]);

    internal override void WriteSchema(Utf8JsonWriter json)
    {
        SchemaType.Write(json, "object", "null");
        json.WriteStartObject("additionalProperties"u8);
        options.WriteSchema(json);
        json.WriteEndObject();
    }
}
