using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Tests.Configuration;

/// <summary>Loads configurations as the agent does.</summary>
internal static class Configured
{
    /// <summary>What messages call the file of <see cref="By"/>.</summary>
    internal const string File = "beyla.yml";

    internal static LoadedSettings By(string yaml, params (string Name, string Value)[] variables)
    {
        using var file = new ConfigFileOnDisk(yaml);
        var loaded = SettingsLoader.Load(Environment(variables), [], file.Path);
        return loaded with { Errors = [.. loaded.Errors.Select(file.Shorten)], Warnings = [.. loaded.Warnings.Select(file.Shorten)] };
    }

    /// <summary>By a configuration in which nothing is wrong.</summary>
    internal static AgentSettings Well(string yaml, params (string Name, string Value)[] variables)
    {
        var loaded = By(yaml, variables);
        Assert.Empty(loaded.Errors);
        Assert.Empty(loaded.Warnings);
        return loaded.Settings;
    }

    internal static LoadedSettings ByVariables(params (string Name, string Value)[] variables) => SettingsLoader.Load(Environment(variables), []);

    internal static Dictionary<string, string> Environment(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value);
}
