namespace Beyla.Agent.Configuration;

/// <summary>What the environment variables say. An empty variable is as good as none, as OpenTelemetry has it.</summary>
internal static class EnvironmentLayer
{
    internal static IEnumerable<ConfiguredValue> Read(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var option in AgentOptionTable.All)
        {
            foreach (var variable in option.Variables)
            {
                if (environment.TryGetValue(variable, out var value) && !string.IsNullOrWhiteSpace(value))
                {
                    yield return new(option, variable, value.Trim());
                    break;
                }
            }
        }
    }
}
