namespace Beyla.Metrics;

/// <summary>
/// The store's monotonic time. Every recorded exchange reads it, and lifetimes need no better resolution than some
/// milliseconds, so for the system clock it is the kernel's coarse clock, several times cheaper than a time stamp.
/// </summary>
internal sealed class StoreClock(TimeProvider time)
{
    private readonly bool _isSystem = ReferenceEquals(time, TimeProvider.System);

    /// <summary>Milliseconds since an arbitrary moment.</summary>
    internal long Milliseconds => _isSystem ? Environment.TickCount64 : (long)time.GetElapsedTime(0).TotalMilliseconds;

    internal DateTimeOffset UtcNow => time.GetUtcNow();
}
