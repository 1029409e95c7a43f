using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>All that is to be said about a configuration, as it is found.</summary>
internal sealed class Findings
{
    private readonly Sentences _errors = new();
    private readonly Sentences _warnings = new();

    /// <summary>What keeps the agent from starting, one sentence each.</summary>
    internal IReadOnlyList<string> Errors => _errors.All;

    /// <summary>What has no effect though it looks as if it should, one sentence each.</summary>
    internal IReadOnlyList<string> Warnings => _warnings.All;

    internal void Error(string sentence) => _errors.Add(sentence);

    internal void Error(SourcePosition? position, string sentence) => _errors.Add(position is null ? sentence : $"{position}: {sentence}");

    internal void Warn(string sentence) => _warnings.Add(sentence);

    internal void Warn(SourcePosition? position, string sentence) => _warnings.Add(position is null ? sentence : $"{position}: {sentence}");
}
