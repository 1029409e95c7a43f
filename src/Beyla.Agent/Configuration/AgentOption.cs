using System.Collections.Immutable;

namespace Beyla.Agent.Configuration;

/// <summary>What everyone needs to know of an option: its names and its help.</summary>
internal abstract class AgentOption
{
    /// <summary>Path in YAML, such as <c>prometheus_export.port</c>; relative to the item for an option of list items. Empty for the command line alone.</summary>
    internal string Key { get; init; } = "";

    /// <summary>Whether only this agent has it, or has it under this key.</summary>
    internal bool IsOwn { get; init; }

    /// <summary>The environment variables in order of precedence.</summary>
    internal ImmutableArray<OptionVariable> Variables { get; init; } = [];

    /// <summary>Name on the command line; <see langword="null"/> when it has none.</summary>
    internal string? Flag { get; init; }

    /// <summary>One line of help.</summary>
    internal required string Summary { get; init; }

    /// <summary>Path of the property behind it, by which the library's validation names it; <see langword="null"/> when there is none.</summary>
    internal string? Member { get; init; }

    /// <summary>Whether its value is kept out of everything that is printed.</summary>
    internal bool IsSecret { get; init; }

    /// <summary>What the value is, in one word.</summary>
    internal abstract string Word { get; }

    /// <summary>How the option is called where nobody gave it a value.</summary>
    internal string Name => Key.Length > 0 ? Key : Flag!;
}
