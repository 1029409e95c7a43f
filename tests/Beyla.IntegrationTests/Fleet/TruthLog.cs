using System.Text.Json;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Reads the lines of JSON that servers and clients of the fleet write; their form is in the README beside the programs.</summary>
internal static class TruthLog
{
    public static IReadOnlyList<LogEntry> ReadServer(string file) => Read(file, "handlerStartNs", "handlerEndNs");

    public static IReadOnlyList<LogEntry> ReadClient(string file) => Read(file, "startNs", "endNs");

    /// <summary>The log of a server whose clock is that of the wall, in microseconds.</summary>
    public static IReadOnlyList<LogEntry> ReadWallClockServer(string file)
    {
        var offset = MonotonicClock.UnixOffset();
        return [.. Read(file, "handlerStartUs", "handlerEndUs", microseconds => (microseconds * 1000) - offset)];
    }

    /// <summary>The lines that are there in full: the program may still be writing the last one.</summary>
    public static string[] WholeLines(string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        var text = File.ReadAllText(file);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static List<LogEntry> Read(string file, string start, string end, Func<long, long>? clock = null) =>
        [.. WholeLines(file).Select(line => Parse(line, start, end, clock ?? (static time => time)))];

    private static LogEntry Parse(string line, string start, string end, Func<long, long> clock)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new LogEntry(root.GetProperty("id").GetString(), new Observation
        {
            Method = root.GetProperty("method").GetString()!,
            Path = root.GetProperty("path").GetString()!,
            Status = root.GetProperty("status").GetInt32(),
            RequestBytes = root.GetProperty("requestBytes") is { ValueKind: JsonValueKind.Number } bytes ? bytes.GetInt64() : null,
            ResponseBytes = root.GetProperty("responseBytes").GetInt64(),
            Time = new TimeRange(clock(root.GetProperty(start).GetInt64()), clock(root.GetProperty(end).GetInt64())),
        });
    }
}
