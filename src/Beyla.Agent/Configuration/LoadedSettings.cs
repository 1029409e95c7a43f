namespace Beyla.Agent.Configuration;

/// <summary>The outcome of loading: settings, and all that is to be said about them.</summary>
/// <param name="Settings">What the agent is to do; to be used only when there are no errors.</param>
/// <param name="Errors">Everything that is wrong, one sentence each.</param>
/// <param name="Warnings">What has no effect though it looks as if it should.</param>
internal sealed record LoadedSettings(AgentSettings Settings, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);
