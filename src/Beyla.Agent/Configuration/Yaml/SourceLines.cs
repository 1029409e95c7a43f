namespace Beyla.Agent.Configuration.Yaml;

/// <summary>Where the lines of a file begin.</summary>
internal sealed class SourceLines
{
    private readonly string _file;
    private readonly List<int> _starts = [0];

    internal SourceLines(string file, string text)
    {
        _file = file;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && !text.AsSpan(i + 1).StartsWith("\n")))
            {
                _starts.Add(i + 1);
            }
        }
    }

    internal SourcePosition PositionOf(int index)
    {
        var line = _starts.BinarySearch(index);
        line = line < 0 ? ~line - 1 : line;
        return new(_file, line + 1, index - _starts[line] + 1);
    }
}
