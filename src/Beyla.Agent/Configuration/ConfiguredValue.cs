using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration;

/// <summary>A value that one layer of configuration gives to an option.</summary>
/// <param name="Option">The option.</param>
/// <param name="Origin">How the user wrote the option's name, for messages.</param>
/// <param name="Value">The text; not empty.</param>
/// <param name="Apply">Takes it into the settings and says what would be right.</param>
internal sealed record ConfiguredValue(AgentOption Option, string Origin, string Value, Func<AgentSettings, string, string?> Apply);
