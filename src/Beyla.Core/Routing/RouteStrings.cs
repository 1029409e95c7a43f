using System.Text;

namespace Beyla.Routing;

/// <summary>One string for equal bytes, up to a limit of strings and of their length; beyond it a new string each time.</summary>
internal sealed class RouteStrings(int capacity)
{
    private readonly Dictionary<byte[], string> _strings = new(ByteSequence.Comparer);

    internal string Of(ReadOnlySpan<byte> bytes)
    {
        var lookup = _strings.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(bytes, out var text))
        {
            return text;
        }

        text = Encoding.UTF8.GetString(bytes);
        if (_strings.Count < capacity && bytes.Length <= RouteDecisionCache.LongestPath)
        {
            _strings.Add(bytes.ToArray(), text);
        }

        return text;
    }
}
