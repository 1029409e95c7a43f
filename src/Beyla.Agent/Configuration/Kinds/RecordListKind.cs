using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>A list of sections, each with options of its own; in YAML alone.</summary>
/// <param name="word">One word for the help.</param>
/// <param name="options">The options of an item.</param>
internal sealed class RecordListKind<T>(string word, OptionTree<T> options) : ValueKind<IReadOnlyList<T>>
    where T : IListItem, new()
{
    internal override string Word => word;

    internal override string? Parse(string text, out IReadOnlyList<T> value)
    {
        value = [];
        return "give it in the configuration file, as a list of sections";
    }

    internal override bool TryRead(ConfigNode node, string key, ReadContext context, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = default;
        if (node is not SequenceNode list)
        {
            context.Error(key, node, "give a list, each of its items a section");
            return false;
        }

        var items = new List<T>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]");
            context.Origins.Add(path, new(path, list.Items[i].Position));
            var item = new T();
            items.Add(item);
            if (list.Items[i] is MappingNode section)
            {
                var errors = context.Findings.Errors.Count;
                options.Read(item, section, path + ".", context);
                item.IsMisread = context.Findings.Errors.Count > errors;
            }
            else
            {
                context.Error(path, list.Items[i], "give a section with keys");
                item.IsLeftOut = true;
            }
        }

        value = items;
        return true;
    }

    internal override ConfigNode Show(IReadOnlyList<T> value) => new SequenceNode([.. value.Where(item => !item.IsLeftOut).Select(options.ShowSaid)]);

    internal override void WriteSchema(Utf8JsonWriter json)
    {
        SchemaType.Write(json, "array", "null");
        json.WriteStartObject("items"u8);
        options.WriteSchema(json);
        json.WriteEndObject();
    }
}
