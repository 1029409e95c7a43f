using System.Globalization;

namespace Beyla.Agent.Configuration;

/// <summary>Sentences for the user, each one line and there once: a variable may be about several options.</summary>
internal sealed class Sentences
{
    // A file that is something else altogether would be repeated in messages.
    private const int Most = 100;

    private readonly List<string> _sentences = [];
    private int _more;

    internal IReadOnlyList<string> All =>
        _more == 0 ? _sentences : [.. _sentences, string.Create(CultureInfo.InvariantCulture, $"And {_more} more like these.")];

    internal void Add(string sentence)
    {
        var line = OneLine(sentence);
        if (_sentences.Count == Most)
        {
            _more++;
        }
        else if (!_sentences.Contains(line))
        {
            _sentences.Add(line);
        }
    }

    // Values are anyone's and may hold anything.
    private static string OneLine(string text) => string.Create(text.Length, text, static (line, text) =>
    {
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(text[i]) || text[i] is '\u2028' or '\u2029' ? ' ' : text[i];
        }
    });
}
