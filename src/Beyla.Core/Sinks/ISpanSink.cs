using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>
/// Takes finished spans out of a session. The pipeline owns what is hard about it: each sink has a bounded queue and a
/// task of its own, so a slow or failing sink neither blocks the capture nor another sink; what its queue can't hold is
/// dropped, oldest first, and counted. A sink that is <see cref="IAsyncDisposable"/> is disposed with the session.
/// </summary>
public interface ISpanSink
{
    /// <summary>
    /// Whether spans are wanted now; without an implementation always. The reader thread asks for every exchange, so the
    /// answer must be at hand and can't be an exception. While no sink wants them, spans are not even made.
    /// </summary>
    bool IsEnabled => true;

    /// <summary>Takes a batch. Calls never overlap for one sink. An exception is logged and the batch counted as failed.</summary>
    /// <param name="batch">At least one span, in order of completion. The memory is reused after the returned task ends; the spans may be kept.</param>
    /// <param name="cancellationToken">Cancelled when the session's shutdown time is over.</param>
    ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken);

    /// <summary>Hands on what the sink still holds; without an implementation nothing. Called once when the session has stopped and the last batch is taken, before the disposal; not for a sink that is still busy with it when the time is over.</summary>
    /// <param name="cancellationToken">Cancelled when the session's shutdown time is over.</param>
    ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
