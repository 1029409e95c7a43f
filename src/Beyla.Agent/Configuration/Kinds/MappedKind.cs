using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>Values that are written like those of another kind.</summary>
internal sealed class MappedKind<TWritten, T>(ValueKind<TWritten> written, Func<TWritten, T> from, Func<T, TWritten> to) : ValueKind<T>
{
    internal override string Word => written.Word;

    internal override string? Parse(string text, out T value)
    {
        var problem = written.Parse(text, out var parsed);
        value = problem is null ? from(parsed) : default!;
        return problem;
    }

    internal override bool TryRead(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out T value)
    {
        var isRight = written.TryRead(node, key, context, out var read);
        value = isRight ? from(read!) : default;
        return isRight;
    }

    internal override ConfigNode Show(T value) => written.Show(to(value));

    internal override void WriteSchema(Utf8JsonWriter json) => written.WriteSchema(json);
}
