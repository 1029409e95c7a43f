using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Beyla.Agent.Configuration.Yaml;

/// <summary>Writes a part of a configuration as YAML that <see cref="YamlReader"/> reads the same.</summary>
internal sealed class YamlWriter
{
    // Everything else is quoted: it might be taken for a number, a sign of YAML or a reference to a variable.
    private static readonly SearchValues<char> PlainSigns =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./");

    private readonly StringBuilder _text = new();

    private YamlWriter()
    {
    }

    internal static string Write(MappingNode top)
    {
        var writer = new YamlWriter();
        writer.WriteEntries(top, "");
        return writer._text.ToString();
    }

    /// <summary>A single value, with quotes where it needs them.</summary>
    internal static string Quote(ScalarNode scalar) => scalar.Kind switch
    {
        ScalarKind.Null => "",
        ScalarKind.Text when !IsPlain(scalar.Text) => Quote(scalar.Text),
        _ => scalar.Text,
    };

    // A text in JSON is one in YAML.
    private static string Quote(string text) => $"\"{VariableReference.Escape(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString())}\"";

    private static bool IsPlain(string text) => IsWord(text) || (text is [>= '0' and <= '9', .., 's' or 'm' or 'h'] && GoDuration.Parse(text, out _) is null);

    private static bool IsWord(string text) =>
        text is [>= 'a' and <= 'z' or >= 'A' and <= 'Z' or '/', ..]
        && !text.AsSpan().ContainsAnyExcept(PlainSigns)
        && text.ToUpperInvariant() is not ("TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N" or "NULL");

    private static bool IsInline(ConfigNode node) => node switch
    {
        ScalarNode => true,
        SequenceNode list => list.Items.All(item => item is ScalarNode),
        MappingNode mapping => mapping.Entries.Count == 0,
        _ => false,
    };

    private static string Inline(ConfigNode node) => node switch
    {
        ScalarNode scalar => Quote(scalar),
        SequenceNode list => $"[{string.Join(", ", list.Items.Select(Inline))}]",
        _ => "{}",
    };

    private void WriteEntries(MappingNode mapping, string indent)
    {
        foreach (var entry in mapping.Entries)
        {
            _text.Append(indent);
            WriteEntry(entry, indent);
        }
    }

    private void WriteEntry(MappingEntry entry, string indent)
    {
        _text.Append(IsPlain(entry.Key) ? entry.Key : Quote(entry.Key)).Append(':');
        if (IsInline(entry.Value))
        {
            var value = Inline(entry.Value);
            _text.Append(value.Length > 0 ? " " : "").Append(value);
        }

        _text.Append(entry.Comment is null ? "" : $"  # {entry.Comment.ReplaceLineEndings(" ")}").Append('\n');
        if (IsInline(entry.Value))
        {
            return;
        }

        if (entry.Value is MappingNode below)
        {
            WriteEntries(below, indent + "  ");
        }
        else
        {
            WriteItems((SequenceNode)entry.Value, indent + "  ");
        }
    }

    private void WriteItems(SequenceNode list, string indent)
    {
        foreach (var item in list.Items)
        {
            _text.Append(indent).Append("- ");
            if (item is MappingNode { Entries: { Count: > 0 } entries })
            {
                WriteEntry(entries[0], indent + "  ");
                WriteEntries(new([.. entries.Skip(1)]), indent + "  ");
            }
            else
            {
                _text.Append(Inline(item)).Append('\n');
            }
        }
    }
}
