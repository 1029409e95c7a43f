using Beyla.Agent.Configuration.Completion;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration;

/// <summary>Lays the layers of configuration over the defaults, each stronger than the one before, and checks the result.</summary>
internal static class SettingsLoader
{
    /// <summary>Loads the settings.</summary>
    /// <param name="environment">The environment variables.</param>
    /// <param name="commandLine">What the command line says.</param>
    /// <param name="file">The configuration file that the command line names; the environment may name another.</param>
    internal static LoadedSettings Load(IReadOnlyDictionary<string, string> environment, IEnumerable<ConfiguredValue> commandLine, string? file = null)
    {
        var settings = new AgentSettings();
        var findings = new Findings();
        var context = new ReadContext(findings, new());
        Apply(EnvironmentLayer.Read(environment, weak: true), settings, context);
        if (environment.GetValueOrDefault(ConfigFile.PathVariable) is { Length: > 0 } path)
        {
            ConfigFile.Apply(path, ConfigFile.PathVariable, settings, environment, context);
        }
        else if (file is not null)
        {
            ConfigFile.Apply(file, ConfigFile.Flag, settings, environment, context);
        }

        Apply(EnvironmentLayer.Read(environment, weak: false), settings, context);
        Apply(commandLine, settings, context);
        SettingsCompletion.Run(settings, context.Origins, findings);
        foreach (var warning in UnknownVariables.Warnings(environment.Keys))
        {
            findings.Warn(warning);
        }

        return new(settings, context.Origins, findings.Errors, [.. SettingsCompletion.Missing(settings)], findings.Warnings);
    }

    private static void Apply(IEnumerable<ConfiguredValue> layer, AgentSettings settings, ReadContext context)
    {
        foreach (var given in layer)
        {
            context.Origins.Replace(given.Option.Name, new(given.Origin, Position: null));
            if (given.Apply(settings, given.Value) is { } problem)
            {
                var value = given.Option.IsSecret ? "not understood" : $"'{Secret.WithoutPassword(given.Value)}'";
                context.Findings.Error($"{given.Origin} is {value}: {problem.TrimEnd('.')}.");
            }
        }
    }
}
