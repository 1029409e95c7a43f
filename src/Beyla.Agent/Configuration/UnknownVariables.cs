using System.Collections.Immutable;
using Beyla.Agent.Configuration.Table;

namespace Beyla.Agent.Configuration;

/// <summary>Finds variables that are meant for the agent but say nothing to it: misspelt ones, and options of Beyla that are not available.</summary>
internal static class UnknownVariables
{
    private static readonly ImmutableHashSet<string> Known =
        [ConfigFile.PathVariable, .. AgentOptionTable.All.SelectMany(option => option.Variables).Select(variable => variable.Name)];

    /// <summary>One sentence for each such name. Values are never repeated: an unknown variable may hold a secret.</summary>
    internal static IEnumerable<string> Warnings(IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => !Known.Contains(name)).Order(StringComparer.Ordinal))
        {
            var prefix = OptionVariable.Prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
            if (UnavailableOptions.Contains(name, prefix))
            {
                yield return $"{name} is set, but what it asks for is not available here; it has no effect.";
            }
            else if (prefix is not null && !IsKubernetesServiceLink(name))
            {
                yield return EditDistance.Nearest(name, Known) is { } nearest
                    ? $"{name} is not an option and has no effect; did you mean {nearest}?"
                    : $"{name} is not an option and has no effect; --help lists the options.";
            }
        }
    }

    // Kubernetes sets NAME_SERVICE_HOST, NAME_PORT_80_TCP and the like in every container beside a service that is called
    // beyla or beyla-something.
    private static bool IsKubernetesServiceLink(string name) =>
        name.EndsWith("_SERVICE_HOST", StringComparison.Ordinal)
        || name.Contains("_SERVICE_PORT", StringComparison.Ordinal)
        || name.Equals("BEYLA_PORT", StringComparison.Ordinal)
        || (name.Contains("_PORT_", StringComparison.Ordinal)
            && (name.Contains("_TCP", StringComparison.Ordinal) || name.Contains("_UDP", StringComparison.Ordinal)));
}
