using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration;

/// <summary>An environment variable that says the value of an option.</summary>
/// <param name="Name">Its name.</param>
internal sealed record OptionVariable(string Name)
{
    private const string Prefix = "BEYLA_";

    /// <summary>The prefixes that mean this agent.</summary>
    internal static ImmutableArray<string> Prefixes { get; } = ["BEYLA_", "OTEL_EBPF_"];

    /// <summary>Whether it is about several options, so that a file wins over it that speaks of this one.</summary>
    internal bool IsWeak { get; init; }

    /// <summary>Whether another name follows from its own by the rule of prefixes, and the help need not name it.</summary>
    internal bool IsAlias { get; init; }

    /// <summary>How its text is understood when it differs from that of the option.</summary>
    internal Func<AgentSettings, string, string?>? Apply { get; init; }

    /// <summary>The names that follow from one of Beyla's, in order of precedence. Beyla copies <c>BEYLA_X</c> and
    /// <c>BEYLA_OTEL_X</c> to <c>OTEL_EBPF_X</c>, unless that is set.</summary>
    /// <param name="name">Such as <c>BEYLA_OPEN_PORT</c>.</param>
    internal static ImmutableArray<OptionVariable> Of(string name)
    {
        var rest = name.StartsWith("BEYLA_OTEL_", StringComparison.Ordinal) ? name["BEYLA_OTEL_".Length..] : name[Prefix.Length..];
        return [.. new[] { "OTEL_EBPF_" + rest, Prefix + rest, "BEYLA_OTEL_" + rest }
            .Select(alias => new OptionVariable(alias) { IsAlias = alias != name })];
    }

    /// <summary>A variable that has a form of its own.</summary>
    internal static OptionVariable In<T>(string name, ValueKind<T> kind, Action<AgentSettings, T> set) => new(name)
    {
        Apply = (settings, text) =>
        {
            var problem = kind.Parse(text, out var value);
            if (problem is null)
            {
                set(settings, value);
            }

            return problem;
        },
    };
}
