using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>Hands spans to a delegate. Calls never overlap; an exception of the delegate counts its whole batch as failed.</summary>
public sealed class CallbackSpanSink : ISpanSink
{
    private readonly Func<ReadOnlyMemory<Span>, CancellationToken, ValueTask> _callback;

    /// <summary>Calls <paramref name="callback"/> once for each span.</summary>
    public CallbackSpanSink(Action<Span> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _callback = (batch, _) =>
        {
            foreach (var span in batch.Span)
            {
                callback(span);
            }

            return ValueTask.CompletedTask;
        };
    }

    /// <summary>Calls <paramref name="callback"/> once for each batch, with the terms of <see cref="ISpanSink.EmitAsync"/>.</summary>
    public CallbackSpanSink(Func<ReadOnlyMemory<Span>, CancellationToken, ValueTask> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _callback = callback;
    }

    /// <inheritdoc/>
    public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken) => _callback(batch, cancellationToken);
}
