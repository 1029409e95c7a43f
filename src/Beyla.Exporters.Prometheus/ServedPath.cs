using System.Collections.Immutable;

namespace Beyla.Exporters.Prometheus;

/// <summary>What a server has at one path, and how often it was asked for it.</summary>
internal sealed class ServedPath(ImmutableArray<IMetricsPage> pages)
{
    private long _requests;
    private long _failures;
    private long _bytes;
    private long _ticks;

    internal ImmutableArray<IMetricsPage> Pages { get; } = pages;

    internal long Requests => Interlocked.Read(ref _requests);

    internal long Failures => Interlocked.Read(ref _failures);

    internal long Bytes => Interlocked.Read(ref _bytes);

    internal TimeSpan Time => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountFailure() => Interlocked.Increment(ref _failures);

    internal void CountAnswer(long bytes, TimeSpan time)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _ticks, time.Ticks);
    }
}
