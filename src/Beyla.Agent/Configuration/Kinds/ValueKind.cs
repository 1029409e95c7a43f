using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>What the values of an option look like wherever they are written: in a variable, in YAML, in the schema.</summary>
internal abstract class ValueKind<T>
{
    /// <summary>One word for the help.</summary>
    internal abstract string Word { get; }

    /// <summary>From the text of a variable, a flag, or a single value in YAML.</summary>
    /// <returns>What would be right; <see langword="null"/> when the text is.</returns>
    internal abstract string? Parse(string text, out T value);

    /// <summary>From YAML. What is wrong is found as an error.</summary>
    internal virtual bool TryRead(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        var problem = node is ScalarNode scalar ? Parse(scalar.Text, out value) : $"give a single value, {Word}";
        if (problem is not null)
        {
            context.Error(key, node, problem);
        }

        return problem is null;
    }

    /// <summary>To YAML, so that <see cref="TryRead"/> reads the same value.</summary>
    internal abstract ConfigNode Show(T value);

    /// <summary>Writes the members of the JSON schema of the values.</summary>
    internal abstract void WriteSchema(Utf8JsonWriter json);
}
