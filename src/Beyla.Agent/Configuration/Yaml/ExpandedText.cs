using System.Text;

namespace Beyla.Agent.Configuration.Yaml;

/// <summary>
/// The text of a file with the values of variables put in. It happens before the YAML is read, as in Beyla, so a value may be
/// any piece of YAML; places in the result are led back to the file of the user.
/// </summary>
internal sealed class ExpandedText
{
    private readonly SourceLines _lines;
    private readonly StringBuilder _text = new();
    private readonly List<Piece> _pieces = [];
    private readonly List<(string Variable, SourcePosition Position)> _unset = [];

    /// <summary>Puts in the variables.</summary>
    /// <param name="file">Name of the file, for positions.</param>
    /// <param name="source">Its text.</param>
    /// <param name="environment">The variables. An empty one is as good as none.</param>
    internal ExpandedText(string file, string source, IReadOnlyDictionary<string, string> environment)
    {
        _lines = new(file, source);
        var at = 0;
        while (at < source.Length)
        {
            var isEscaped = source.AsSpan(at).StartsWith("$${");
            if (VariableReference.TryRead(source.AsSpan(isEscaped ? at + 1 : at), out var reference))
            {
                at = isEscaped ? Copy(source, at + 1, reference.Length) : Replace(source, at, reference, environment);
            }
            else
            {
                var next = source.AsSpan(at + 1).IndexOf('$');
                at = Copy(source, at, next < 0 ? source.Length - at : next + 1);
            }
        }

        Text = _text.ToString();
    }

    /// <summary>The text to read.</summary>
    internal string Text { get; }

    /// <summary>References that stand for nothing, neither a value nor a default, outside of comments.</summary>
    internal IReadOnlyList<(string Variable, SourcePosition Position)> Unset => _unset;

    /// <summary>Where in the user's file the character at <paramref name="index"/> of <see cref="Text"/> comes from.</summary>
    internal SourcePosition PositionOf(int index)
    {
        var piece = _pieces.LastOrDefault(piece => piece.Start <= index);
        return _lines.PositionOf(piece.Source + (piece.IsCopy ? index - piece.Start : 0));
    }

    // Roughly: a sign for a comment inside quotes is taken for one, and then a warning is missing.
    private static bool IsInComment(ReadOnlySpan<char> before)
    {
        var line = before[(before.LastIndexOfAny('\n', '\r') + 1)..];
        return line is ['#', ..] || line.Contains(" #", StringComparison.Ordinal) || line.Contains("\t#", StringComparison.Ordinal);
    }

    private int Copy(string source, int at, int length)
    {
        _pieces.Add(new(_text.Length, at, IsCopy: true));
        _text.Append(source, at, length);
        return at + length;
    }

    private int Replace(string source, int at, VariableReference reference, IReadOnlyDictionary<string, string> environment)
    {
        var name = reference.Name.ToString();
        var value = environment.GetValueOrDefault(name) is { Length: > 0 } given ? given : reference.Fallback;
        if (value.IsEmpty && !IsInComment(source.AsSpan(0, at)))
        {
            _unset.Add((name, _lines.PositionOf(at)));
        }

        _pieces.Add(new(_text.Length, at, IsCopy: false));
        _text.Append(value);
        return at + reference.Length;
    }

    /// <summary>A stretch of the result: copied from the file, or put in for a reference there.</summary>
    private readonly record struct Piece(int Start, int Source, bool IsCopy);
}
