namespace Beyla.Agent.Configuration;

/// <summary>Where each value comes from, by the path of its option; list items and their fields have paths of their own.</summary>
internal sealed class Origins
{
    private readonly Dictionary<string, Origin> _origins = new(StringComparer.Ordinal);

    /// <summary>A stronger layer replaces what a weaker one said, with all its parts.</summary>
    internal void Replace(string key, Origin origin)
    {
        if (!_origins.TryAdd(key, origin))
        {
            _origins[key] = origin;
            foreach (var part in _origins.Keys.Where(known => IsPartOf(known, key)).ToArray())
            {
                _origins.Remove(part);
            }
        }
    }

    internal void Add(string key, Origin origin) => _origins[key] = origin;

    /// <summary>Whether a layer of configuration speaks of just this option.</summary>
    internal bool Has(string key) => _origins.ContainsKey(key);

    /// <returns>The origin of the option or of the nearest that it is a part of; <see langword="null"/> for a default.</returns>
    internal Origin? Find(string key) => Find(key, out _);

    /// <summary>How the user called an option, for the beginning of a sentence.</summary>
    internal string Subject(string key) => Find(key, out var part) switch
    {
        null => $"{key} (default)",
        { Position: { } position } => $"{position}: {key}",
        { Name: var name } => name + part,
    };

    private static bool IsPartOf(string part, string key) =>
        part.Length > key.Length && part.StartsWith(key, StringComparison.Ordinal) && part[key.Length] is '.' or '[';

    private Origin? Find(string key, out string part)
    {
        var end = key.Length;
        while (end >= 0)
        {
            if (_origins.TryGetValue(key[..end], out var origin))
            {
                part = key[end..];
                return origin;
            }

            end = key.AsSpan(0, end).LastIndexOfAny('.', '[');
        }

        part = "";
        return null;
    }
}
