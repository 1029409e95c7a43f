using System.Globalization;
using System.Text;

namespace Beyla.Exporters.Prometheus.Tests;

/// <summary>A sample as read back; labels in the order of the text.</summary>
internal sealed record ReadSample(string Name, IReadOnlyList<(string Name, string Value)> Labels, double Value)
{
    internal string? this[string label] => Labels.Where(pair => pair.Name == label).Select(pair => pair.Value).SingleOrDefault();

    /// <summary>Name and labels without le: the same for all lines of one histogram.</summary>
    internal string SeriesOf(string family) =>
        family + "{" + string.Join(',', Labels.Where(pair => pair.Name != "le").Order().Select(pair => $"{pair.Name}={pair.Value}")) + "}";
}

/// <summary>Reads the text format back, strictly: what the format does not allow is a <see cref="FormatException"/>.</summary>
internal sealed class Exposition
{
    private readonly Dictionary<string, string> _types = [];

    private Exposition()
    {
    }

    internal List<ReadSample> Samples { get; } = [];

    internal IReadOnlyDictionary<string, string> Types => _types;

    internal static Exposition Parse(string text)
    {
        var result = new Exposition();
        var family = "";
        var seen = new HashSet<string>();
        if (text.Length > 0 && text[^1] != '\n')
        {
            throw new FormatException("The last line does not end.");
        }

        foreach (var line in text.Split('\n')[..^1])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                continue;
            }

            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                family = words[2];
                if (!result._types.TryAdd(family, words[3]))
                {
                    throw new FormatException($"Family {family} twice.");
                }

                continue;
            }

            var sample = new LineReader(line).Read();
            var inFamily = result._types.GetValueOrDefault(family) == "histogram"
                ? sample.Name == family + "_bucket" || sample.Name == family + "_sum" || sample.Name == family + "_count"
                : sample.Name == family;
            if (!inFamily)
            {
                throw new FormatException($"{sample.Name} outside of its family: {line}");
            }

            if (!seen.Add(sample.SeriesOf(sample.Name) + sample["le"]))
            {
                throw new FormatException($"The same series twice: {line}");
            }

            result.Samples.Add(sample);
        }

        return result;
    }

    private sealed class LineReader(string line)
    {
        private int _at;

        internal ReadSample Read()
        {
            var name = Name();
            var labels = new List<(string, string)>();
            if (Peek() == '{')
            {
                do
                {
                    _at++;
                    var label = Name();
                    Expect('=');
                    labels.Add((label, Quoted()));
                }
                while (Peek() == ',');
                Expect('}');
            }

            if (labels.Select(label => label.Item1).Distinct().Count() != labels.Count)
            {
                throw new FormatException($"A label twice: {line}");
            }

            Expect(' ');
            var value = line[_at..] switch
            {
                "+Inf" => double.PositiveInfinity,
                "-Inf" => double.NegativeInfinity,
                "NaN" => double.NaN,
                var number => double.Parse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture),
            };
            return new(name, labels, value);
        }

        private char Peek() => _at < line.Length ? line[_at] : throw new FormatException($"The line ends early: {line}");

        private void Expect(char c)
        {
            if (Peek() != c)
            {
                throw new FormatException($"'{c}' expected at {_at}: {line}");
            }

            _at++;
        }

        private string Name()
        {
            var start = _at;
            while (char.IsAsciiLetter(Peek()) || Peek() == '_' || (_at > start && char.IsAsciiDigit(Peek())))
            {
                _at++;
            }

            return _at > start ? line[start.._at] : throw new FormatException($"A name expected at {start}: {line}");
        }

        private string Quoted()
        {
            Expect('"');
            var value = new StringBuilder();
            while (Peek() != '"')
            {
                if (Peek() == '\\')
                {
                    _at++;
                    value.Append(Peek() switch
                    {
                        'n' => '\n',
                        '\\' => '\\',
                        '"' => '"',
                        _ => throw new FormatException($"An unknown escape at {_at}: {line}"),
                    });
                }
                else
                {
                    value.Append(Peek());
                }

                _at++;
            }

            _at++;
            return value.ToString();
        }
    }
}
