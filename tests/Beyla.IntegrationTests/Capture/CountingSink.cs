using Beyla.Sinks;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>A sink that does as told with each batch and keeps books of its own.</summary>
/// <param name="take">Gets the number of the batch; what it throws, the sink throws.</param>
internal sealed class CountingSink(Func<int, CancellationToken, Task> take) : ISpanSink
{
    private readonly Lock _gate = new();
    private readonly List<Span> _taken = [];
    private int _batches;
    private int _refused;

    /// <summary>Spans of batches that it took.</summary>
    public IReadOnlyList<Span> Taken
    {
        get
        {
            lock (_gate)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>Spans of batches that it threw at.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public async ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        try
        {
            await take(Interlocked.Increment(ref _batches), cancellationToken);
        }
        catch
        {
            Interlocked.Add(ref _refused, batch.Length);
            throw;
        }

        lock (_gate)
        {
            _taken.AddRange(batch.Span);
        }
    }
}
