using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Beyla.Telemetry;
using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>
/// Lets consumers pull spans at their own pace. What a slow consumer has no room for is dropped, oldest first, and counted.
/// Any number of consumers may read; each span goes to one of them, and a sink for each gives every one all spans. Reading
/// ends when the session has stopped and the channel is empty.
/// </summary>
public sealed class ChannelSpanSink : ISpanSink, ITelemetrySource, IAsyncDisposable
{
    /// <summary>Spans kept for the consumer unless said otherwise.</summary>
    public const int DefaultCapacity = 4096;

    private readonly Channel<Span> _channel;
    private long _received;
    private long _dropped;

    /// <summary>Makes a sink that keeps up to <paramref name="capacity"/> spans for the consumer.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public ChannelSpanSink(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true };
        _channel = Channel.CreateBounded<Span>(options, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Name of the channel in the session's telemetry (default <c>spans</c>), for sessions with several.</summary>
    public string Name { get; init; } = "spans";

    /// <summary>The consumer's end.</summary>
    public ChannelReader<Span> Reader => _channel.Reader;

    /// <summary>Spans the consumer never saw: pushed out by newer ones, or come after the end.</summary>
    public long DroppedSpans => Interlocked.Read(ref _dropped);

    /// <summary>The spans as they come, until the session has stopped and all are read.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>; what is in the channel stays there.</param>
    public async IAsyncEnumerable<Span> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // The reader's own enumeration would hand out what is there before it looks at the token.
            while (!cancellationToken.IsCancellationRequested && Reader.TryRead(out var span))
            {
                yield return span;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        foreach (var span in batch.Span)
        {
            Interlocked.Increment(ref _received);
            if (!_channel.Writer.TryWrite(span))
            {
                Interlocked.Increment(ref _dropped);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the reading once the channel is empty.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => DisposeAsync();

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        // What was received is read last: a concurrent change can only make the consumed look more, never negative.
        var queued = Reader.Count;
        var dropped = DroppedSpans;
        visitor.Visit(SessionInstruments.ChannelSpans, Math.Max(0, Interlocked.Read(ref _received) - dropped - queued), Name, "read");
        visitor.Visit(SessionInstruments.ChannelSpans, dropped, Name, "dropped");
        visitor.Visit(SessionInstruments.ChannelQueued, queued, Name);
    }

    /// <summary>Ends the reading once the channel is empty. May be called more than once.</summary>
    public ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
