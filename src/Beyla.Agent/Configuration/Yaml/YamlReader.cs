using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Beyla.Agent.Configuration.Yaml;

/// <summary>
/// Reads a document of YAML by the events of YamlDotNet's parser: nothing of it needs reflection, and each node knows its place.
/// Understands aliases and merge keys (<c>&lt;&lt;</c>).
/// </summary>
internal sealed class YamlReader
{
    private const int MostNested = 64;

    private readonly ExpandedText _text;
    private readonly Findings _findings;
    private readonly Parser _parser;
    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);

    private YamlReader(ExpandedText text, Findings findings)
    {
        _text = text;
        _findings = findings;
        _parser = new Parser(new StringReader(text.Text));
    }

    /// <summary>Reads the only document of a text.</summary>
    /// <returns>Its top node; <see langword="null"/> when there is none, or when it is not YAML, which is found as an error.</returns>
    internal static ConfigNode? Read(ExpandedText text, Findings findings)
    {
        var reader = new YamlReader(text, findings);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            var (start, end) = (text.PositionOf((int)exception.Start.Index), text.PositionOf((int)exception.End.Index));
            var noticed = end.Line > start.Line ? string.Create(CultureInfo.InvariantCulture, $", noticed at line {end.Line}, column {end.Column}") : "";
            findings.Error(start, $"This is not YAML: {exception.Message.TrimEnd('.')}{noticed}.");
            return null;
        }
#pragma warning disable CA1031 // The parser is not always in control of what it meets, such as a list that is not closed.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            findings.Error(text.PositionOf((int)(reader._parser.Current?.End.Index ?? 0)), "This is not YAML, from here on: something is not closed or not indented as it should be.");
            return null;
        }
    }

    private static ScalarKind KindOf(Scalar scalar) => scalar switch
    {
        { Style: not ScalarStyle.Plain } => ScalarKind.Text,
        { Value: "" or "~" or "null" or "Null" or "NULL" } => ScalarKind.Null,
        _ => ScalarKind.Text,
    };

    private ConfigNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var node = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _findings.Error(PositionOf(second), "A second document begins here; a configuration is one document.");
        }

        return node;
    }

    private ConfigNode ReadNode(int depth)
    {
        if (depth == MostNested)
        {
            throw new SemanticErrorException(_parser.Current!.Start, _parser.Current.End, $"more than {MostNested} levels are nested");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var known)
                ? known
                : throw new SemanticErrorException(alias.Start, alias.End, $"no anchor &{alias.Value} stands before the alias *{alias.Value}");
        }

        var start = _parser.Require<NodeEvent>();
        ConfigNode node = start switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadSequence(depth),
            _ => ReadMapping(depth),
        };
        // Only now: an alias inside its own anchor would make a circle.
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node;
        }

        return node;
    }

    private ScalarNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        return new(KindOf(scalar), scalar.Value) { Position = PositionOf(scalar) };
    }

    private SequenceNode ReadSequence(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new(items) { Position = PositionOf(start) };
    }

    private MappingNode ReadMapping(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new OrderedDictionary<string, MappingEntry>(StringComparer.Ordinal);
        var merged = new OrderedDictionary<string, MappingEntry>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadKey() is not { } key)
            {
                _ = ReadNode(depth + 1);
                continue;
            }

            if (start.Style == MappingStyle.Block)
            {
                RefuseTab((int)key.Start.Index);
            }

            var entry = new MappingEntry(key.Value, ReadNode(depth + 1)) { KeyPosition = PositionOf(key) };
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                Merge(entry, merged);
            }
            else if (!entries.TryAdd(entry.Key, entry))
            {
                _findings.Error(entry.KeyPosition, $"{entry.Key} is here for the second time; the first is in line {entries[entry.Key].KeyPosition!.Line}.");
            }
        }

        // What is written wins over what is merged.
        foreach (var (name, entry) in merged)
        {
            entries.TryAdd(name, entry);
        }

        return new([.. entries.Values]) { Position = PositionOf(start) };
    }

    private Scalar? ReadKey()
    {
        if (_parser.TryConsume<Scalar>(out var key))
        {
            return key;
        }

        _findings.Error(PositionOf(_parser.Current!), "A key must be a word, not a list or section.");
        _ = ReadNode(0);
        return null;
    }

    // The parser takes a tab for indentation in the first line of a document.
    private void RefuseTab(int key)
    {
        var text = _text.Text.AsSpan();
        var indentation = text[(text[..key].LastIndexOfAny('\n', '\r') + 1)..key];
        if (indentation.IsWhiteSpace() && indentation.Contains('\t'))
        {
            _findings.Error(_text.PositionOf(key), "A tab stands before this key; YAML is indented by spaces.");
        }
    }

    private void Merge(MappingEntry entry, OrderedDictionary<string, MappingEntry> merged)
    {
        IEnumerable<ConfigNode> sources = entry.Value is SequenceNode list ? list.Items : [entry.Value];
        foreach (var source in sources)
        {
            if (source is MappingNode mapping)
            {
                foreach (var other in mapping.Entries)
                {
                    merged.TryAdd(other.Key, other);
                }
            }
            else
            {
                _findings.Error(entry.KeyPosition, $"<< merges a section or a list of sections, not {source.Description}.");
            }
        }
    }

    private SourcePosition PositionOf(ParsingEvent found) => _text.PositionOf((int)found.Start.Index);
}
