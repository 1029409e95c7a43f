using System.Collections.Concurrent;
using System.Globalization;
using Beyla.Telemetry;

namespace Beyla.Exporters.Otlp;

/// <summary>What became of the items (spans or data points) of one signal: <c>received = exported + dropped + queued</c>.</summary>
internal sealed class OtlpAccount(OtlpInstruments instruments) : ITelemetrySource
{
    private readonly ConcurrentDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private long _received;
    private long _exported;
    private long _queueFull;
    private long _rejected;
    private long _exhausted;
    private long _shutdown;
    private long _requests;
    private long _bytes;

    internal long Received => Interlocked.Read(ref _received);

    internal long Exported => Interlocked.Read(ref _exported);

    internal long QueueFull => Interlocked.Read(ref _queueFull);

    internal long Rejected => Interlocked.Read(ref _rejected);

    internal long RetriesExhausted => Interlocked.Read(ref _exhausted);

    internal long Shutdown => Interlocked.Read(ref _shutdown);

    internal long Dropped => QueueFull + Rejected + RetriesExhausted + Shutdown;

    internal long Failures => _errors.Values.Sum();

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
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit(instruments.Exports, Exported);
        foreach (var (reason, count) in Drops())
        {
            visitor.Visit(instruments.Drops, count, reason);
        }

        visitor.Visit(instruments.Queued, Queued);
        visitor.Visit(instruments.Requests, Requests);
        foreach (var (error, count) in _errors)
        {
            visitor.Visit(instruments.Errors, count, error);
        }

        visitor.Visit(instruments.Content, Interlocked.Read(ref _bytes));
    }

    /// <summary>The drops by reason, for the log: <c>3 queue_full, 1 shutdown</c>.</summary>
    internal string ExplainDrops() =>
        string.Join(", ", Drops().Where(drop => drop.Count > 0).Select(drop => string.Create(CultureInfo.InvariantCulture, $"{drop.Count} {drop.Reason}")));

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

    /// <param name="error">What went wrong, in one word of a set that no collector can enlarge.</param>
    internal void CountFailure(string error) => _errors.AddOrUpdate(error, 1, static (_, count) => count + 1);

    private IEnumerable<(string Reason, long Count)> Drops() =>
        [("queue_full", QueueFull), ("rejected", Rejected), ("retries_exhausted", RetriesExhausted), ("shutdown", Shutdown)];
}
