using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>A list or other object that may be missing.</summary>
internal sealed class OrNothingKind<T>(ValueKind<T> kind) : ValueKind<T?>
    where T : class
{
    internal override string Word => kind.Word;

    internal override string? Parse(string text, out T? value) => kind.Parse(text, out value);

    internal override bool TryRead(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out T? value) =>
        kind.TryRead(node, key, context, out value);

    internal override ConfigNode Show(T? value) => value is null ? new ScalarNode(ScalarKind.Null, "") : kind.Show(value);

    internal override void WriteSchema(Utf8JsonWriter json) => kind.WriteSchema(json);
}
