using System.Globalization;
using System.Text.Json;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Reads the access log of <see cref="NginxConfig"/>, whose times are wall-clock milliseconds. A request whose line never came is left out.</summary>
internal static class NginxLog
{
    public static IReadOnlyList<LogEntry> Read(string file)
    {
        var offset = MonotonicClock.UnixOffset();
        return [.. TruthLog.WholeLines(file).Select(line => Parse(line, offset)).OfType<LogEntry>()];
    }

    private static LogEntry? Parse(string line, long unixOffset)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        // The request line as it was sent: by now error_page has made a GET of the method and dropped the query.
        var request = root.GetProperty("request").GetString()!.Split(' ');
        if (request.Length != 3)
        {
            return null;
        }

        var target = request[1].Split('?');
        var id = target[^1].Split('&').FirstOrDefault(static p => p.StartsWith("id=", StringComparison.Ordinal))?[3..];
        var end = (long)(root.GetProperty("msec").GetDecimal() * 1_000_000_000) - unixOffset;
        var start = end - (long)(root.GetProperty("took").GetDecimal() * 1_000_000_000);
        // A request with content is logged once that has been thrown away, which may be long after its answer.
        var hasContent = root.GetProperty("content").GetString()!.Length > 0;
        return new LogEntry(id, new Observation
        {
            Method = request[0],
            Path = target[0],
            Status = int.Parse(root.GetProperty("status").GetString()!, CultureInfo.InvariantCulture),
            // The bytes sent count the framing of chunks.
            ResponseBytes = root.GetProperty("coding").GetString() == "chunked" ? null : root.GetProperty("sent").GetInt64(),
            Time = new TimeRange(start, hasContent ? start : end),
        });
    }
}
