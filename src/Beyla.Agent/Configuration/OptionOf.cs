using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>An option of settings of type <typeparamref name="TOwner"/>.</summary>
internal abstract class OptionOf<TOwner> : AgentOption
{
    /// <summary>Takes the value from the text of a variable or flag.</summary>
    /// <returns>What would be right; <see langword="null"/> when the text is.</returns>
    internal abstract string? Apply(TOwner owner, string text);

    /// <summary>Takes the value from YAML. What is wrong is found as an error.</summary>
    /// <param name="owner">The settings.</param>
    /// <param name="node">The value.</param>
    /// <param name="path">Whole path of the option.</param>
    /// <param name="context">Takes errors and origins.</param>
    internal abstract void Read(TOwner owner, ConfigNode node, string path, ReadContext context);

    /// <summary>The value as YAML, without secrets.</summary>
    internal abstract ConfigNode Show(TOwner owner);

    /// <summary>Writes the JSON schema of the value.</summary>
    internal abstract void WriteSchema(Utf8JsonWriter json);
}
