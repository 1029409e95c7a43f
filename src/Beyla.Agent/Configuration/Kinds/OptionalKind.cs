using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>A value that may be missing.</summary>
internal sealed class OptionalKind<T>(ValueKind<T> kind) : ValueKind<T?>
    where T : struct
{
    internal override string Word => kind.Word;

    internal override string? Parse(string text, out T? value)
    {
        var problem = kind.Parse(text, out var parsed);
        value = problem is null ? parsed : null;
        return problem;
    }

    internal override bool TryRead(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out T? value)
    {
        value = kind.TryRead(node, key, context, out var read) ? read : null;
        return value is not null;
    }

    internal override ConfigNode Show(T? value) => value is { } given ? kind.Show(given) : new ScalarNode(ScalarKind.Null, "");

    internal override void WriteSchema(Utf8JsonWriter json) => kind.WriteSchema(json);
}
