using System.Globalization;
using Beyla.Discovery;

namespace Beyla.Agent.Configuration;

/// <summary>From the text of an option to its setting. Each answers with what is wrong and what would be right, or with <see langword="null"/>.</summary>
internal static class Values
{
    internal static Func<AgentSettings, string, string?> Text(Action<AgentSettings, string> set) => (settings, value) =>
    {
        set(settings, value);
        return null;
    };

    internal static Func<AgentSettings, string, string?> Bool(Action<AgentSettings, bool> set) =>
        Choice(set, ("true", true), ("false", false), ("1", true), ("0", false), ("t", true), ("f", false));

    internal static Func<AgentSettings, string, string?> Integer(Action<AgentSettings, int> set) => (settings, value) =>
    {
        if (!int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
        {
            return "give a whole number";
        }

        set(settings, number);
        return null;
    };

    internal static Func<AgentSettings, string, string?> Duration(Action<AgentSettings, TimeSpan> set) => (settings, value) =>
    {
        var problem = GoDuration.Parse(value, out var duration);
        if (problem is null)
        {
            set(settings, duration);
        }

        return problem;
    };

    internal static Func<AgentSettings, string, string?> Seconds(Action<AgentSettings, TimeSpan> set)
    {
        var duration = Duration(set);
        return (settings, value) => duration(settings, char.IsAsciiDigit(value[^1]) ? value + "s" : value);
    }

    internal static Func<AgentSettings, string, string?> List(Func<AgentSettings, IList<string>> list) => (settings, value) =>
    {
        var target = list(settings);
        target.Clear();
        foreach (var item in SplitPatterns(value))
        {
            target.Add(item);
        }

        return null;
    };

    internal static Func<AgentSettings, string, string?> Choice<T>(Action<AgentSettings, T> set, params (string Name, T Value)[] choices) =>
        (settings, value) =>
        {
            foreach (var choice in choices)
            {
                if (string.Equals(choice.Name, value, StringComparison.OrdinalIgnoreCase))
                {
                    set(settings, choice.Value);
                    return null;
                }
            }

            return $"give one of {string.Join(", ", choices.Select(choice => choice.Name))}";
        };

    internal static string? Ports(AgentSettings settings, string value)
    {
        if (!PortSet.TryParse(value, out var ports, out var error))
        {
            return error;
        }

        settings.Selector.OpenPorts = ports;
        return null;
    }

    internal static string? ProcessIds(AgentSettings settings, string value)
    {
        settings.Selector.ProcessIds.Clear();
        foreach (var item in Split(value))
        {
            if (!int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var processId) || processId == 0)
            {
                return $"'{item}' is no process id; give positive numbers separated by commas, such as 1234,5678";
            }

            settings.Selector.ProcessIds.Add(processId);
        }

        return null;
    }

    internal static string? TracePrinter(AgentSettings settings, string value)
    {
        switch (value.ToUpperInvariant())
        {
            case "TEXT":
                settings.TracePrinter = true;
                return null;
            case "DISABLED":
                settings.TracePrinter = false;
                return null;
            case "JSON" or "JSON_INDENT" or "COUNTER":
                return "this printer is not available yet; give text or disabled";
            default:
                return "give text or disabled";
        }
    }

    // A constraint such as {id:[0-9]{1,3}} holds commas of its own.
    private static IEnumerable<string> SplitPatterns(string value)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= value.Length; i++)
        {
            if (i < value.Length && (value[i] != ',' || depth > 0))
            {
                depth += value[i] switch { '{' => 1, '}' => -1, _ => 0 };
                continue;
            }

            if (value[start..i].Trim() is { Length: > 0 } pattern)
            {
                yield return pattern;
            }

            start = i + 1;
        }
    }

    private static string[] Split(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
