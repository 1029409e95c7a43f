using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>From text to a value.</summary>
/// <returns>What would be right; <see langword="null"/> when the text is.</returns>
internal delegate string? ValueParser<T>(string text, out T value);

/// <summary>Values that are one word or number.</summary>
internal sealed class SingleKind<T>(string word, ValueParser<T> parse, Func<T, ScalarNode> show, Action<Utf8JsonWriter> writeSchema) : ValueKind<T>
{
    internal override string Word => word;

    internal override string? Parse(string text, out T value) => parse(text, out value);

    internal override ConfigNode Show(T value) => show(value);

    internal override void WriteSchema(Utf8JsonWriter json) => writeSchema(json);
}
