using System.Threading.Channels;
using Beyla.Sinks;
using Beyla.Tracing;
using Microsoft.Extensions.Logging;

namespace Beyla.Pipeline;

/// <summary>
/// One sink with its bounded queue, its task and its account. The reader thread offers and never waits; what the queue
/// can't hold displaces the oldest span and is counted.
/// </summary>
internal sealed class SinkQueue : IAsyncDisposable
{
    private static readonly TimeSpan CancellationTime = TimeSpan.FromSeconds(1);

    private readonly ISpanSink _sink;
    private readonly ILogger _logger;
    private readonly int _capacity;
    private readonly Channel<Span> _channel;
    private readonly Span[] _batch;
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _pump;
    private long _received;
    private long _exported;
    private long _dropped;
    private long _failed;
    private long _lastFailureLogged = long.MinValue;

    public SinkQueue(string name, ISpanSink sink, int capacity, int batchSize, ILogger logger)
    {
        Name = name;
        _sink = sink;
        _logger = logger;
        _capacity = capacity;
        _batch = new Span[batchSize];
        _channel = Channel.CreateBounded<Span>(
            new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref _dropped));
        // Whatever activity or scope the caller is in has nothing to do with the spans to come.
        using (ExecutionContext.SuppressFlow())
        {
            _pump = Task.Run(PumpAsync);
        }
    }

    public string Name { get; }

    /// <summary>Whether the sink wants spans now.</summary>
    public bool IsEnabled => _sink.IsEnabled;

    /// <summary>Takes a span if the sink wants any. Called by the reader thread alone.</summary>
    /// <returns>Whether the span is in the sink's account now.</returns>
    public bool Offer(Span span)
    {
        if (!_sink.IsEnabled)
        {
            return false;
        }

        Interlocked.Increment(ref _received);
        if (!_channel.Writer.TryWrite(span))
        {
            Interlocked.Increment(ref _dropped);
        }

        return true;
    }

    /// <summary>No more spans; ends when the sink has taken the queue's rest and handed on its own, or <paramref name="cancellationToken"/> says to give up.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _channel.Writer.TryComplete();
        try
        {
            await _pump.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await _abandon.CancelAsync().ConfigureAwait(false);
            while (_channel.Reader.TryRead(out _))
            {
                Interlocked.Increment(ref _dropped);
            }

            // What the sink is just doing is not accounted for before it is cancelled; one that can't be is left to itself.
            if (await Task.WhenAny(_pump, Task.Delay(CancellationTime, CancellationToken.None)).ConfigureAwait(false) != _pump)
            {
                return;
            }
        }

        try
        {
            await _sink.CompleteAsync(cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The time is over; the disposal of the sink ends what it still does.
        }
#pragma warning disable CA1031 // whatever a user's sink throws stays with that sink
        catch (Exception exception)
#pragma warning restore CA1031
        {
            PipelineLog.SinkNotCompleted(_logger, exception, Name);
        }
    }

    public SinkStatistics GetStatistics()
    {
        // In this order a concurrent change can only make Queued look larger, never negative.
        var exported = Interlocked.Read(ref _exported);
        var failed = Interlocked.Read(ref _failed);
        var dropped = Interlocked.Read(ref _dropped);
        var received = Interlocked.Read(ref _received);
        return new SinkStatistics
        {
            Name = Name,
            Received = received,
            Exported = exported,
            Failed = failed,
            Dropped = dropped,
            Queued = received - exported - failed - dropped,
            Capacity = _capacity,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        await _abandon.CancelAsync().ConfigureAwait(false);
        switch (_sink)
        {
            case IAsyncDisposable asynchronous:
                await asynchronous.DisposeAsync().ConfigureAwait(false);
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
            default:
                break;
        }

        _abandon.Dispose();
    }

    private async Task PumpAsync()
    {
        var reader = _channel.Reader;
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var count = 0;
            while (count < _batch.Length && reader.TryRead(out var span))
            {
                _batch[count++] = span;
            }

            if (count > 0)
            {
                await EmitAsync(count).ConfigureAwait(false);
            }
        }
    }

    private async Task EmitAsync(int count)
    {
        try
        {
            await _sink.EmitAsync(_batch.AsMemory(0, count), _abandon.Token).ConfigureAwait(false);
            Interlocked.Add(ref _exported, count);
        }
#pragma warning disable CA1031 // whatever a user's sink throws stays with that sink
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.Add(ref _failed, count);
            // A sink that fails once tends to fail thousands of times a second; the count tells the rest.
            var now = Environment.TickCount64;
            if (now - _lastFailureLogged > 10_000)
            {
                _lastFailureLogged = now;
                PipelineLog.SinkFailed(_logger, exception, Name, count);
            }
        }
        finally
        {
            Array.Clear(_batch, 0, count);
        }
    }
}
