using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>
/// Takes finished spans out of a session. The pipeline owns what is hard about it: each sink has a bounded queue and a
/// task of its own, so a slow or failing sink neither blocks the capture nor another sink; what its queue can't hold is
/// dropped, oldest first, and counted. A sink that is <see cref="IAsyncDisposable"/> is disposed with the session.
/// </summary>
public interface ISpanSink
{
    /// <summary>Takes a batch. Calls never overlap for one sink. An exception is logged and the batch counted as failed.</summary>
    /// <param name="batch">At least one span, in order of completion. The memory is reused after the returned task ends; the spans may be kept.</param>
    /// <param name="cancellationToken">Cancelled when the session's shutdown time is over.</param>
    ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken);
}
