using System.Diagnostics;
using System.Text.Json;

/// <summary>Appends one line for each request, each in one write.</summary>
internal sealed class TruthLog(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    private readonly Lock _lock = new();

    /// <summary>CLOCK_MONOTONIC: Stopwatch counts its nanoseconds on Linux.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    public void Write(HttpContext context, int status, long received, long sent, long start, long end)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("id", context.Request.Query["id"]);
            json.WriteString("method", context.Request.Method);
            json.WriteString("path", context.Request.Path);
            json.WriteNumber("status", status);
            json.WriteNumber("requestBytes", received);
            json.WriteNumber("responseBytes", sent);
            json.WriteNumber("handlerStartNs", start);
            json.WriteNumber("handlerEndNs", end);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        lock (_lock)
        {
            _file.Write(line.GetBuffer(), 0, (int)line.Length);
        }
    }

    public void Dispose() => _file.Dispose();
}
