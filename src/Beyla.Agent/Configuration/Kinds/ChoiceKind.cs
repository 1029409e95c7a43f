using System.Collections.Immutable;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>One of a few names; case does not matter. Of several names for one value the first is the one that is shown.</summary>
internal sealed class ChoiceKind<T>(string word, params (string Name, T Value)[] choices) : ValueKind<T>
{
    /// <summary>Names that only Beyla has.</summary>
    internal ImmutableArray<string> Unavailable { get; init; } = [];

    internal override string Word => word;

    internal override string? Parse(string text, out T value)
    {
        foreach (var choice in choices)
        {
            if (string.Equals(choice.Name, text, StringComparison.OrdinalIgnoreCase))
            {
                value = choice.Value;
                return null;
            }
        }

        value = default!;
        var known = string.Join(", ", choices.Where(choice => choice.Name.Length > 0).Select(choice => choice.Name));
        return Unavailable.Contains(text, StringComparer.OrdinalIgnoreCase) ? $"Beyla has it, but it is not available here; give one of {known}" : $"give one of {known}";
    }

    internal override ConfigNode Show(T value) =>
        new ScalarNode(ScalarKind.Text, choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Name);

    internal override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteStartArray("enum"u8);
        // A schema can't leave the case open; names in capitals are as often written in small letters.
        foreach (var name in choices.SelectMany(choice => new[] { choice.Name, choice.Name.ToLowerInvariant() }).Distinct())
        {
            json.WriteStringValue(name);
        }

        json.WriteNullValue();
        json.WriteEndArray();
    }
}
