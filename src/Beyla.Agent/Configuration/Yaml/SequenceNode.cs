namespace Beyla.Agent.Configuration.Yaml;

/// <summary>A list.</summary>
internal sealed class SequenceNode(IReadOnlyList<ConfigNode> items) : ConfigNode
{
    internal IReadOnlyList<ConfigNode> Items { get; } = items;

    internal override string Description => "a list";
}
