using System.Text;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Logging;

internal sealed class LineLogger(LineLoggerProvider provider, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= provider.Minimum && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var text = new StringBuilder($"{Name(logLevel)} {category}[{eventId.Id}] ");
        AppendOnOneLine(text, formatter(state, exception));
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            AppendOnOneLine(text.Append(": "), cause.Message);
        }

        // The stack helps whoever mends the agent, not whoever runs it.
        if (exception is not null && provider.Minimum <= LogLevel.Debug)
        {
            AppendOnOneLine(text.Append(' '), exception.ToString());
        }

        provider.Write(text.ToString());
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    // Names of executables and services are anyone's; they must not forge lines or drive a terminal.
    private static void AppendOnOneLine(StringBuilder text, string message)
    {
        foreach (var character in message.ReplaceLineEndings("; "))
        {
            text.Append(char.IsControl(character) ? '?' : character);
        }
    }
}
