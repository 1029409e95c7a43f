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

        var text = formatter(state, exception);
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            // Many an exception repeats its cause.
            text = text.Contains(cause.Message, StringComparison.Ordinal) ? text : $"{text}{(text is [.., '.' or '?' or '!'] ? " Cause" : "")}: {cause.Message}";
        }

        // The stack helps whoever mends the agent, not whoever runs it.
        provider.Write(logLevel, category, eventId.Id, exception is not null && provider.Minimum <= LogLevel.Debug ? $"{text} {exception}" : text);
    }
}
