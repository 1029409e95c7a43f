using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>All that is to be said about a configuration, as it is found.</summary>
internal sealed class Findings
{
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    /// <summary>What keeps the agent from starting, one sentence each.</summary>
    internal IReadOnlyList<string> Errors => _errors;

    /// <summary>What has no effect though it looks as if it should, one sentence each.</summary>
    internal IReadOnlyList<string> Warnings => _warnings;

    internal void Error(SourcePosition? position, string sentence) => Error(position is null ? sentence : $"{position}: {sentence}");

    internal void Warn(SourcePosition? position, string sentence) => Warn(position is null ? sentence : $"{position}: {sentence}");

    internal void Error(string sentence) => Add(_errors, sentence);

    internal void Warn(string sentence) => Add(_warnings, sentence);

    // Values are anyone's and may hold anything; a sentence is one line. One variable may be about several options.
    private static void Add(List<string> sentences, string sentence)
    {
        sentence = string.Create(sentence.Length, sentence, static (line, sentence) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(sentence[i]) || sentence[i] is '\u2028' or '\u2029' ? ' ' : sentence[i];
            }
        });
        if (!sentences.Contains(sentence))
        {
            sentences.Add(sentence);
        }
    }
}
