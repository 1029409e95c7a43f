namespace Beyla.Agent.Configuration;

internal static class CollectionExtensions
{
    /// <summary>Makes the content of a list that of another.</summary>
    internal static void Replace<T>(this IList<T> list, IEnumerable<T>? items)
    {
        list.Clear();
        foreach (var item in items ?? [])
        {
            list.Add(item);
        }
    }

    /// <summary>Makes the content of a dictionary that of another.</summary>
    internal static void Replace(this IDictionary<string, string> dictionary, IEnumerable<KeyValuePair<string, string>> items)
    {
        dictionary.Clear();
        foreach (var (name, value) in items)
        {
            dictionary[name] = value;
        }
    }
}
