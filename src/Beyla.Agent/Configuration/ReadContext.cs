using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>What goes along while a file is read.</summary>
/// <param name="Findings">Takes what is wrong.</param>
/// <param name="Origins">Takes where values come from.</param>
/// <param name="IsSecret">Whether no value may be repeated in a message.</param>
internal sealed record ReadContext(Findings Findings, Origins Origins, bool IsSecret = false)
{
    /// <summary>Finds an error in the value of an option.</summary>
    /// <param name="key">Path of the option.</param>
    /// <param name="node">The value.</param>
    /// <param name="problem">What would be right.</param>
    internal void Error(string key, ConfigNode node, string problem)
    {
        var value = IsSecret ? "not understood" : node.Description;
        Findings.Error(node.Position, $"{key} is {value}: {problem.TrimEnd('.')}.");
    }
}
