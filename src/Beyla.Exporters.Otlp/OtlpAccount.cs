using Beyla.Telemetry;

namespace Beyla.Exporters.Otlp;

/// <summary>What became of the items (spans or data points) of one signal: <c>received = exported + dropped + queued</c>.</summary>
internal sealed class OtlpAccount(string signal) : ITelemetrySource
{
    private long _received;
    private long _exported;
    private long _queueFull;
    private long _rejected;
    private long _exhausted;
    private long _shutdown;
    private long _requests;
    private long _failures;
    private long _bytes;

    internal long Received => Interlocked.Read(ref _received);

    internal long Exported => Interlocked.Read(ref _exported);

    internal long QueueFull => Interlocked.Read(ref _queueFull);

    internal long Rejected => Interlocked.Read(ref _rejected);

    internal long RetriesExhausted => Interlocked.Read(ref _exhausted);

    internal long Shutdown => Interlocked.Read(ref _shutdown);

    internal long Dropped => QueueFull + Rejected + RetriesExhausted + Shutdown;

    internal long Failures => Interlocked.Read(ref _failures);

    internal long Requests => Interlocked.Read(ref _requests);

    // Received is read last: a concurrent change can only make this look larger, never negative.
    internal long Queued
    {
        get
        {
            var done = Exported + Dropped;
            return Received - done;
        }
    }

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        visitor.Visit(OtlpInstruments.Items, Exported, signal, "exported");
        visitor.Visit(OtlpInstruments.Items, QueueFull, signal, "dropped_queue_full");
        visitor.Visit(OtlpInstruments.Items, Rejected, signal, "dropped_rejected");
        visitor.Visit(OtlpInstruments.Items, RetriesExhausted, signal, "dropped_retries_exhausted");
        visitor.Visit(OtlpInstruments.Items, Shutdown, signal, "dropped_shutdown");
        visitor.Visit(OtlpInstruments.Queued, Queued, signal);
        visitor.Visit(OtlpInstruments.Requests, Requests, signal);
        visitor.Visit(OtlpInstruments.Failures, Failures, signal);
        visitor.Visit(OtlpInstruments.Bytes, Interlocked.Read(ref _bytes), signal);
    }

    internal void CountReceived(long items) => Interlocked.Add(ref _received, items);

    internal void CountExported(long items) => Interlocked.Add(ref _exported, items);

    internal void CountQueueFull(long items) => Interlocked.Add(ref _queueFull, items);

    internal void CountRejected(long items) => Interlocked.Add(ref _rejected, items);

    internal void CountRetriesExhausted(long items) => Interlocked.Add(ref _exhausted, items);

    internal void CountShutdown(long items) => Interlocked.Add(ref _shutdown, items);

    internal void CountRequest(long bytes)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, bytes);
    }

    internal void CountFailure() => Interlocked.Increment(ref _failures);
}
