using System.Text.RegularExpressions;
using Beyla.Agent.Configuration.Table;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>
/// The library names its options by their place in the object tree, the user by a key, a variable or a flag. This puts what
/// the library says into the words of the user.
/// </summary>
internal sealed partial class UserWords
{
    private readonly Origins _origins;
    private readonly Dictionary<string, (string Key, string Short)> _keys = new(StringComparer.Ordinal);

    internal UserWords(Origins origins)
    {
        _origins = origins;
        foreach (var option in AgentOptionTable.All)
        {
            if (option.Member is { } member)
            {
                Add(member, option.Key, option.Key);
            }
        }
    }

    /// <summary>Tells how the user calls an option of the library.</summary>
    /// <param name="member">Its place in the object tree.</param>
    /// <param name="key">The whole path of the user's option.</param>
    /// <param name="shortKey">Its path among the options beside it.</param>
    internal void Add(string member, string key, string shortKey) => _keys[member] = (key, shortKey);

    /// <summary>Tells how the user calls an object of the library and its properties. Of several keys for one property it is the one that was used.</summary>
    internal void Add<T>(string member, string key, IEnumerable<OptionOf<T>> fields)
    {
        Add(member, key, key);
        foreach (var property in fields.Where(field => field.Member is not null).GroupBy(field => field.Member))
        {
            var field = property.FirstOrDefault(field => _origins.Has($"{key}.{field.Key}")) ?? property.First();
            Add($"{member}.{property.Key}", $"{key}.{field.Key}", field.Key);
        }
    }

    /// <summary>Puts a sentence of the library into the words of the user.</summary>
    internal string Translate(string sentence)
    {
        var subject = Subject().Match(sentence).Value;
        var member = subject;
        while (!_keys.ContainsKey(member))
        {
            var end = member.LastIndexOfAny(['.', '[']);
            if (end < 0)
            {
                return sentence;
            }

            member = member[..end];
        }

        var rest = Word().Replace(sentence[subject.Length..], word => Beside(member, word.Value) ?? word.Value);
        return _origins.Subject(_keys[member].Key + subject[member.Length..]) + rest;
    }

    [GeneratedRegex(@"^[A-Za-z]+([.\[\]][A-Za-z0-9]+|\])*")]
    private static partial Regex Subject();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+\b")]
    private static partial Regex Word();

    // Sentences name other options of the same object by their property alone.
    private string? Beside(string member, string property)
    {
        var owner = member[..Math.Max(0, member.LastIndexOf('.'))];
        return _keys.TryGetValue($"{member}.{property}", out var part) ? part.Short
            : _keys.TryGetValue($"{owner}.{property}", out var sibling) ? sibling.Short
            : null;
    }
}
