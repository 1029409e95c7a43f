namespace Beyla.Agent.Configuration;

/// <summary>Lays the layers of configuration over the defaults, each stronger than the one before, and checks the result.</summary>
internal static class SettingsLoader
{
    internal static LoadedSettings Load(IReadOnlyDictionary<string, string> environment, IEnumerable<ConfiguredValue> commandLine)
    {
        var settings = new AgentSettings();
        var errors = new List<string>();
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var given in EnvironmentLayer.Read(environment).Concat(commandLine))
        {
            if (given.Option.Apply(settings, given.Value) is { } problem)
            {
                errors.Add($"{given.Origin} is '{given.Value}': {problem.TrimEnd('.')}.");
            }
            else if (given.Option.Path is { } path)
            {
                origins[path] = given.Origin;
            }
        }

        Validate(settings, origins, errors);
        return new(settings, errors, [.. UnknownVariables.Warnings(environment.Keys)]);
    }

    private static void Validate(AgentSettings settings, Dictionary<string, string> origins, List<string> errors)
    {
        if (!settings.PrintsSpans && !settings.ServesMetrics)
        {
            errors.Add("There is nowhere to send what is seen: set BEYLA_PRINT_TRACES=true or BEYLA_PROMETHEUS_PORT.");
        }

        settings.AddSelector();
        var found = new List<string>(settings.Session.Validate());
        settings.Prometheus.Validate(nameof(settings.Prometheus), found);
        errors.AddRange(found.Select(error => InTheUsersWords(error, origins)));
    }

    // The options name themselves by their place in the object tree, the user by a variable or flag.
    private static string InTheUsersWords(string error, Dictionary<string, string> origins)
    {
        foreach (var (path, origin) in origins)
        {
            if (error.StartsWith(path, StringComparison.Ordinal) && (error.Length == path.Length || !char.IsAsciiLetterOrDigit(error[path.Length])))
            {
                return origin + error[path.Length..];
            }
        }

        return error;
    }
}
