using System.Threading.Channels;
using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>
/// Lets a consumer pull spans at its own pace. What a slow consumer has no room for is dropped, oldest first, and counted.
/// Any number of consumers may read; each span goes to one of them. Reading ends when the session disposes the sink and the
/// channel is empty.
/// </summary>
public sealed class ChannelSpanSink : ISpanSink, IAsyncDisposable
{
    /// <summary>Spans kept for the consumer unless said otherwise.</summary>
    public const int DefaultCapacity = 4096;

    private readonly Channel<Span> _channel;
    private long _dropped;

    /// <summary>Makes a sink that keeps up to <paramref name="capacity"/> spans for the consumer.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public ChannelSpanSink(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true };
        _channel = Channel.CreateBounded<Span>(options, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>The consumer's end.</summary>
    public ChannelReader<Span> Reader => _channel.Reader;

    /// <summary>Spans the consumer never saw: pushed out by newer ones, or come after the sink was disposed.</summary>
    public long DroppedSpans => Interlocked.Read(ref _dropped);

    /// <summary>The spans as they come, until the session ends.</summary>
    public IAsyncEnumerable<Span> ReadAllAsync(CancellationToken cancellationToken = default) => Reader.ReadAllAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        foreach (var span in batch.Span)
        {
            if (!_channel.Writer.TryWrite(span))
            {
                Interlocked.Increment(ref _dropped);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the reading once the channel is empty. May be called more than once.</summary>
    public ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
