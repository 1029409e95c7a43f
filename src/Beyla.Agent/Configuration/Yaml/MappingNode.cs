namespace Beyla.Agent.Configuration.Yaml;

/// <summary>Keys with values, in the order in which they were written; each key once.</summary>
internal sealed class MappingNode(IReadOnlyList<MappingEntry> entries) : ConfigNode
{
    internal IReadOnlyList<MappingEntry> Entries { get; } = entries;

    internal override string Description => "a section";
}
