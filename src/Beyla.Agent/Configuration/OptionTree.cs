using System.Collections.Immutable;
using System.Text.Json;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>The options of a table by their keys: reads YAML, shows it and writes its schema.</summary>
internal sealed class OptionTree<TOwner>
    where TOwner : new()
{
    private readonly OptionSection<TOwner> _top = new("");
    private readonly Func<TOwner, string, string> _consequence;

    /// <summary>Makes the tree of a table.</summary>
    /// <param name="options">The options.</param>
    /// <param name="unavailable">Keys that only Beyla has, of options or of whole sections.</param>
    /// <param name="consequence">Told when one of these keys was found; answers what comes of it.</param>
    internal OptionTree(IEnumerable<OptionOf<TOwner>> options, IEnumerable<string> unavailable, Func<TOwner, string, string>? consequence = null)
    {
        _consequence = consequence ?? ((_, _) => "it has no effect");
        Options = [.. options.Where(option => option.Key.Length > 0)];
        foreach (var option in Options)
        {
            var (section, name) = _top.Descend(option.Key);
            section.Options.Add(name, option);
        }

        foreach (var key in unavailable)
        {
            var (section, name) = _top.Descend(key);
            section.Unavailable.Add(name);
        }
    }

    /// <summary>The options in the order of the table.</summary>
    internal ImmutableArray<OptionOf<TOwner>> Options { get; }

    /// <summary>Takes what a file says into <paramref name="owner"/>.</summary>
    /// <param name="owner">The settings.</param>
    /// <param name="mapping">What the file says.</param>
    /// <param name="prefix">Path of that part of the file, with a dot behind; empty at the top.</param>
    /// <param name="context">Takes errors, warnings and origins.</param>
    internal void Read(TOwner owner, MappingNode mapping, string prefix, ReadContext context) => Read(owner, _top, mapping, prefix, context);

    /// <summary>The settings as YAML; sections without anything to show are left out.</summary>
    /// <param name="show">Makes the entry of an option under its key; <see langword="null"/> to leave it out.</param>
    internal MappingNode Show(Func<OptionOf<TOwner>, string, MappingEntry?> show) => Show(_top, show);

    /// <summary>The settings as YAML, without the options that say nothing.</summary>
    internal MappingNode ShowSaid(TOwner owner) => Show((option, key) => option.Show(owner) is var shown && IsEmpty(shown) ? null : new(key, shown));

    /// <summary>Writes the members of the JSON schema of the settings.</summary>
    internal void WriteSchema(Utf8JsonWriter json) => SchemaWriter.WriteSection(json, _top, new TOwner());

    private static MappingNode Show(OptionSection<TOwner> section, Func<OptionOf<TOwner>, string, MappingEntry?> show)
    {
        var entries = section.Options.Select(option => show(option.Value, option.Key)).OfType<MappingEntry>().ToList();
        foreach (var (name, below) in section.Sections)
        {
            var shown = Show(below, show);
            if (shown.Entries.Count > 0)
            {
                entries.Add(new(name, shown));
            }
        }

        return new(entries);
    }

    private void Read(TOwner owner, OptionSection<TOwner> section, MappingNode mapping, string prefix, ReadContext context)
    {
        foreach (var entry in mapping.Entries)
        {
            var path = prefix + entry.Key;
            if (section.Unavailable.Contains(entry.Key))
            {
                context.Findings.Warn(
                    entry.KeyPosition, $"{path} is an option of Beyla that is not available here; {_consequence(owner, section.Prefix + entry.Key)}.");
            }
            else if (section.Options.TryGetValue(entry.Key, out var option))
            {
                Read(owner, option, entry, path, context);
            }
            else if (section.Sections.TryGetValue(entry.Key, out var below))
            {
                Read(owner, below, entry, path, context);
            }
            else
            {
                context.Findings.Error(entry.KeyPosition, $"{path} is not known; {Suggest(section, entry.Key, prefix)}");
            }
        }
    }

    // A key without a value says nothing.
    private static bool IsEmpty(ConfigNode value) => value is ScalarNode { Kind: ScalarKind.Null };

    private static void Read(TOwner owner, OptionOf<TOwner> option, MappingEntry entry, string path, ReadContext context)
    {
        if (!IsEmpty(entry.Value))
        {
            context.Origins.Replace(path, new(path, entry.Position));
            option.Read(owner, entry.Value, path, context);
        }
    }

    private void Read(TOwner owner, OptionSection<TOwner> section, MappingEntry entry, string path, ReadContext context)
    {
        if (entry.Value is MappingNode mapping)
        {
            Read(owner, section, mapping, path + ".", context);
        }
        else if (!IsEmpty(entry.Value))
        {
            context.Findings.Error(entry.Position, $"{path} is {entry.Value.Description}: it is a section with the keys {string.Join(", ", section.Keys)}.");
        }
    }

    private string Suggest(OptionSection<TOwner> section, string key, string prefix)
    {
        if (EditDistance.Nearest(key, section.Keys) is { } near)
        {
            return $"did you mean {prefix}{near}?";
        }

        return _top.Find(key) is { } elsewhere
            ? $"did you mean {elsewhere}?"
            : $"the keys here are {string.Join(", ", section.Keys)}.";
    }
}
