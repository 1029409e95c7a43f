using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>What goes along while options are made of settings.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Origins">Where their values come from.</param>
/// <param name="Findings">Takes what is wrong.</param>
/// <param name="Words">Takes how the user calls the options.</param>
internal sealed record CompletionContext(AgentSettings Settings, Origins Origins, Findings Findings, UserWords Words)
{
    /// <summary>Finds an error in an option.</summary>
    /// <param name="key">The option.</param>
    /// <param name="predicate">What of it.</param>
    internal void Error(string key, string predicate) => Findings.Error($"{Origins.Subject(key)} {predicate}");

    /// <summary>Finds something about an option that the user should know.</summary>
    /// <param name="key">The option.</param>
    /// <param name="predicate">What of it.</param>
    internal void Warn(string key, string predicate) => Findings.Warn($"{Origins.Subject(key)} {predicate}");
}
