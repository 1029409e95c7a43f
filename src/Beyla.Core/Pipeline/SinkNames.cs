using System.Globalization;
using Beyla.Sinks;

namespace Beyla.Pipeline;

/// <summary>Names for the account: the sink's type, numbered from the second of a type on.</summary>
internal static class SinkNames
{
    public static IReadOnlyList<string> Of(IReadOnlyList<ISpanSink> sinks)
    {
        var seen = new Dictionary<string, int>();
        var names = new string[sinks.Count];
        for (var i = 0; i < names.Length; i++)
        {
            var name = sinks[i].GetType().Name;
            var times = seen[name] = seen.GetValueOrDefault(name) + 1;
            names[i] = times == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}#{times}");
        }

        return names;
    }
}
