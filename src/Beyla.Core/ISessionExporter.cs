namespace Beyla;

/// <summary>
/// Lives as long as a session and reads it: an exporter of its metrics, a bridge to another system. Spans take another
/// way out, <see cref="Sinks.ISpanSink"/>. One that fails to start is logged and listed among
/// <see cref="SessionStatistics.Limitations"/>; the session goes on without it.
/// </summary>
public interface ISessionExporter : IAsyncDisposable
{
    /// <summary>Begins. Called once, when the session runs.</summary>
    /// <param name="session">The session to read; valid until <see cref="IAsyncDisposable.DisposeAsync"/>.</param>
    /// <param name="cancellationToken">The start was given up.</param>
    ValueTask StartAsync(IInstrumentationSession session, CancellationToken cancellationToken);

    /// <summary>Exports for the last time. Called once after a successful start, when the capture has ended and the sinks have taken what they could.</summary>
    /// <param name="cancellationToken">Cancelled when the session's shutdown time is over.</param>
    ValueTask StopAsync(CancellationToken cancellationToken);
}
