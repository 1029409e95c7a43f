using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>A list: in YAML as such, in text with commas between.</summary>
/// <param name="item">What its items look like.</param>
/// <param name="mayBeSingle">Whether a single value in YAML is a list of one.</param>
internal sealed class ListKind<T>(ValueKind<T> item, bool mayBeSingle = false) : ValueKind<IReadOnlyList<T>>
{
    internal override string Word => $"{item.Word},…";

    internal override string? Parse(string text, out IReadOnlyList<T> value)
    {
        var items = new List<T>();
        value = items;
        foreach (var part in Split(text))
        {
            if (item.Parse(part, out var parsed) is { } problem)
            {
                return $"'{part}' in the list is wrong, {problem}";
            }

            items.Add(parsed);
        }

        return null;
    }

    internal override bool TryRead(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        if (node is not SequenceNode list)
        {
            return ReadSingle(node, key, context, out value);
        }

        var items = new List<T>();
        var isRight = true;
        for (var i = 0; i < list.Items.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]");
            context.Origins.Add(path, new(path, list.Items[i].Position));
            if (item.TryRead(list.Items[i], path, context, out var read))
            {
                items.Add(read);
            }
            else
            {
                isRight = false;
            }
        }

        value = items;
        return isRight;
    }

    internal override ConfigNode Show(IReadOnlyList<T> value) => new SequenceNode([.. value.Select(item.Show)]);

    internal override void WriteSchema(Utf8JsonWriter json)
    {
        SchemaType.Write(json, mayBeSingle ? ["array", "string", "integer", "null"] : ["array", "null"]);
        json.WriteStartObject("items"u8);
        item.WriteSchema(json);
        json.WriteEndObject();
    }

    // A constraint such as {id:[0-9]{1,3}} and a glob such as {go,java} hold commas of their own.
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (text[i] != ',' || depth > 0))
            {
                depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
                continue;
            }

            if (text[start..i].Trim() is { Length: > 0 } part)
            {
                yield return part;
            }

            start = i + 1;
        }
    }

    private bool ReadSingle(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = default;
        if (!mayBeSingle || node is not ScalarNode)
        {
            context.Error(key, node, $"give a list, such as [{item.Word}]");
            return false;
        }

        if (!item.TryRead(node, key, context, out var single))
        {
            return false;
        }

        value = [single];
        return true;
    }
}
