using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;
using Beyla.Exporters.Otlp;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>Names with values, such as headers: in YAML a section, in text as OpenTelemetry has it, <c>name=value,…</c> with percent-encoding.</summary>
/// <param name="example">What such pairs look like.</param>
internal sealed class PairsKind(string example) : ValueKind<ImmutableSortedDictionary<string, string>>
{
    internal override string Word => "NAME=VALUE,…";

    internal override string? Parse(string text, out ImmutableSortedDictionary<string, string> value)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var problem = OtlpEnvironment.ParsePairs(text, pairs, example);
        value = Sorted(pairs);
        return problem;
    }

    internal override bool TryRead(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out ImmutableSortedDictionary<string, string> value)
    {
        if (node is not MappingNode mapping)
        {
            return base.TryRead(node, key, context, out value);
        }

        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in mapping.Entries)
        {
            if (entry.Value is not ScalarNode scalar)
            {
                context.Findings.Error(entry.Position, $"{key}.{entry.Key} must be a single value, not {entry.Value.Description}.");
                value = default;
                return false;
            }

            pairs[entry.Key] = scalar.Text;
        }

        value = Sorted(pairs);
        return true;
    }

    internal override ConfigNode Show(ImmutableSortedDictionary<string, string> value) =>
        new MappingNode([.. value.Select(pair => new MappingEntry(pair.Key, new ScalarNode(ScalarKind.Text, pair.Value)))]);

    internal override void WriteSchema(Utf8JsonWriter json)
    {
        SchemaType.Write(json, "object", "string", "null");
        json.WriteStartObject("additionalProperties"u8);
        SchemaType.Write(json, "string", "number", "boolean", "null");
        json.WriteEndObject();
    }

    private static ImmutableSortedDictionary<string, string> Sorted(Dictionary<string, string> pairs) =>
        pairs.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase);
}
