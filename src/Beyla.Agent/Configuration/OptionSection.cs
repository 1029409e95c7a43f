namespace Beyla.Agent.Configuration;

/// <summary>The keys of one level of the configuration.</summary>
/// <param name="prefix">Path of the section with a dot behind; empty at the top.</param>
internal sealed class OptionSection<TOwner>(string prefix)
{
    internal string Prefix { get; } = prefix;

    /// <summary>Sections below, in the order of the table.</summary>
    internal OrderedDictionary<string, OptionSection<TOwner>> Sections { get; } = new(StringComparer.Ordinal);

    /// <summary>Options at this level, in the order of the table.</summary>
    internal OrderedDictionary<string, OptionOf<TOwner>> Options { get; } = new(StringComparer.Ordinal);

    /// <summary>Keys that only Beyla has.</summary>
    internal SortedSet<string> Unavailable { get; } = new(StringComparer.Ordinal);

    /// <summary>The keys of this level that say something.</summary>
    internal IEnumerable<string> Keys => Options.Keys.Concat(Sections.Keys);

    /// <summary>The section that holds a path, which is made where it is missing, and the last name of the path.</summary>
    internal (OptionSection<TOwner> Section, string Name) Descend(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return (this, path);
        }

        var name = path[..dot];
        if (!Sections.TryGetValue(name, out var below))
        {
            Sections.Add(name, below = new($"{Prefix}{name}."));
        }

        return below.Descend(path[(dot + 1)..]);
    }

    /// <summary>The path of a key with this name, here or further below; <see langword="null"/> when there is none.</summary>
    internal string? Find(string name) =>
        Options.ContainsKey(name) || Sections.ContainsKey(name)
            ? Prefix + name
            : Sections.Values.Select(below => below.Find(name)).FirstOrDefault(found => found is not null);
}
