using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Logging;

/// <summary>An event as a line of JSON, with the keys that Go's structured log has: time, level, msg.</summary>
internal static class JsonLine
{
    internal static string Of(DateTimeOffset time, LogLevel level, string category, int eventId, string message)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, time);
            json.WriteString("level"u8, LevelName.Of(level));
            json.WriteString("msg"u8, message);
            json.WriteString("component"u8, category);
            json.WriteNumber("event"u8, eventId);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
