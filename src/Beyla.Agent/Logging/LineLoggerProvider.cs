using Beyla.Agent.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Logging;

/// <summary>
/// Logs one line an event. The console package of Microsoft.Extensions.Logging would do too, but it brings configuration
/// binding along, which an agent of few megabytes notices, and writes an event on several lines when a message has several.
/// </summary>
internal sealed class LineLoggerProvider(TextWriter output, TimeProvider timeProvider, LogLevel minimum, LogFormat format = LogFormat.Text) : ILoggerProvider
{
    private readonly Lock _gate = new();

    internal LogLevel Minimum { get; } = minimum;

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        // The writer belongs to whoever gave it.
    }

    internal void Write(LogLevel level, string category, int eventId, string message)
    {
        var now = timeProvider.GetLocalNow();
        var line = format == LogFormat.Json ? JsonLine.Of(now, level, category, eventId, message) : TextLine.Of(now, level, category, eventId, message);
        lock (_gate)
        {
            try
            {
                output.WriteLine(line);
                output.Flush();
            }
            catch (IOException)
            {
                // Whoever read the log has gone; the agent's work goes on without.
            }
        }
    }
}
