using System.Collections.Concurrent;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines
{
    internal ConcurrentQueue<string> Lines { get; } = new();

    internal ILogger<T> For<T>() => new Keeper<T>(Lines);

    public override string ToString() => string.Join('\n', Lines);

    private sealed class Keeper<T>(ConcurrentQueue<string> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
