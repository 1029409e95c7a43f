using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration;

/// <summary>The outcome of loading: settings, and all that is to be said about them.</summary>
/// <param name="Settings">What the agent is to do; to be used only when there are no errors.</param>
/// <param name="Origins">Where each value comes from.</param>
/// <param name="Errors">Everything that is wrong, one sentence each.</param>
/// <param name="Missing">What keeps right settings from being a task: nothing selected, nowhere to send to.</param>
/// <param name="Warnings">What has no effect though it looks as if it should.</param>
internal sealed record LoadedSettings(
    AgentSettings Settings, Origins Origins, IReadOnlyList<string> Errors, IReadOnlyList<string> Missing, IReadOnlyList<string> Warnings);
