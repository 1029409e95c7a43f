namespace Beyla.Agent.Configuration.Yaml;

/// <summary>A single value.</summary>
internal sealed class ScalarNode(ScalarKind kind, string text) : ConfigNode
{
    internal ScalarKind Kind { get; } = kind;

    /// <summary>The value as written, without quotes; options know best what they take.</summary>
    internal string Text { get; } = text;

    internal override string Description => Kind == ScalarKind.Null ? "nothing" : $"'{Secret.WithoutPassword(Text)}'";
}
