namespace Beyla.Agent.Configuration.Yaml;

/// <summary>A part of a configuration: read from a file, or about to be printed.</summary>
internal abstract class ConfigNode
{
    /// <summary>Where it begins; <see langword="null"/> when it comes from no file.</summary>
    internal SourcePosition? Position { get; init; }

    /// <summary>What it is, for messages.</summary>
    internal abstract string Description { get; }
}
