using System.Collections.Immutable;

namespace Beyla.Agent.Configuration;

/// <summary>One option: its names, its help, and how a text becomes a setting. Every layer of configuration goes through it.</summary>
internal sealed class AgentOption
{
    private const string Prefix = "BEYLA_";
    private const string AliasPrefix = "OTEL_EBPF_";

    /// <summary>Name of the environment variable with the prefix <c>BEYLA_</c>; empty for an option of the command line only.</summary>
    internal string Variable { get; init; } = "";

    /// <summary>Further variables that are read when neither <see cref="Variable"/> nor its alias is set.</summary>
    internal ImmutableArray<string> Fallbacks { get; init; } = [];

    /// <summary>A variable of another standard that goes before all others.</summary>
    internal string? Precedence { get; init; }

    /// <summary>Name on the command line; <see langword="null"/> when it has none.</summary>
    internal string? Flag { get; init; }

    /// <summary>What the value is, in one word for the help.</summary>
    internal required string Value { get; init; }

    /// <summary>One line of help.</summary>
    internal required string Summary { get; init; }

    /// <summary>Path of the option behind it, by which that option's own validation names it; <see langword="null"/> when there is none.</summary>
    internal string? Path { get; init; }

    /// <summary>Puts the value into the settings. Returns what is wrong with it; <see langword="null"/> when nothing is.</summary>
    internal required Func<AgentSettings, string, string?> Apply { get; init; }

    /// <summary>The environment variables in order of precedence.</summary>
    internal IEnumerable<string> Variables
    {
        get
        {
            if (Precedence is not null)
            {
                yield return Precedence;
            }

            if (Variable.Length > 0)
            {
                yield return AliasPrefix + Variable[Prefix.Length..];
                yield return Variable;
            }

            foreach (var fallback in Fallbacks)
            {
                yield return fallback;
            }
        }
    }
}
