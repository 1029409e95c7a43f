using Beyla.Agent.Configuration.Table;

namespace Beyla.Agent.Configuration;

/// <summary>What the environment variables say. An empty variable is as good as none, as OpenTelemetry has it.</summary>
internal static class EnvironmentLayer
{
    /// <summary>The first variable of each option that says something.</summary>
    /// <param name="environment">The variables.</param>
    /// <param name="weak">Whether to read those that a file wins over, or the others.</param>
    internal static IEnumerable<ConfiguredValue> Read(IReadOnlyDictionary<string, string> environment, bool weak)
    {
        foreach (var option in AgentOptionTable.All)
        {
            foreach (var variable in option.Variables.Where(variable => variable.IsWeak == weak))
            {
                if (environment.TryGetValue(variable.Name, out var value) && !string.IsNullOrWhiteSpace(value))
                {
                    yield return new(option, variable.Name, value.Trim(), variable.Apply ?? option.Apply);
                    break;
                }
            }
        }
    }
}
