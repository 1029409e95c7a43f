namespace Beyla.Agent.Configuration.Yaml;

/// <summary>A key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
internal sealed record MappingEntry(string Key, ConfigNode Value)
{
    /// <summary>Where the key is; <see langword="null"/> when it comes from no file.</summary>
    internal SourcePosition? KeyPosition { get; init; }

    /// <summary>Printed behind the entry.</summary>
    internal string? Comment { get; init; }

    /// <summary>Where a message about the entry points: at a single value, else at the key of the section or list.</summary>
    internal SourcePosition? Position => Value is ScalarNode { Kind: not ScalarKind.Null } ? Value.Position : KeyPosition;
}
