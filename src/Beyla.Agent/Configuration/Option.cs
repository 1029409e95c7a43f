using System.Text.Json;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>An option: a kind of value, and the property it is about.</summary>
internal sealed class Option<TOwner, T> : OptionOf<TOwner>
{
    /// <summary>What its values look like.</summary>
    internal required ValueKind<T> Kind { get; init; }

    internal required Func<TOwner, T> Get { get; init; }

    internal required Action<TOwner, T> Set { get; init; }

    internal override string Word => Kind.Word;

    internal override string? Apply(TOwner owner, string text)
    {
        var problem = Kind.Parse(text, out var value);
        if (problem is null)
        {
            Set(owner, value);
        }

        return problem;
    }

    internal override void Read(TOwner owner, ConfigNode node, string path, ReadContext context)
    {
        if (Kind.TryRead(node, path, context with { IsSecret = IsSecret }, out var value))
        {
            Set(owner, value);
        }
    }

    internal override ConfigNode Show(TOwner owner)
    {
        var shown = Kind.Show(Get(owner));
        return IsSecret ? Secret.Hide(shown) : shown;
    }

    internal override void WriteSchema(Utf8JsonWriter json) => Kind.WriteSchema(json);
}
