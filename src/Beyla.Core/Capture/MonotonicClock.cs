using System.Diagnostics;

namespace Beyla.Capture;

/// <summary>
/// CLOCK_MONOTONIC, the clock of the records: on Linux <see cref="Stopwatch"/> reads it, in nanoseconds. The offset to
/// wall time is taken anew every second, so that spans follow a clock that is being adjusted.
/// </summary>
internal sealed class MonotonicClock(TimeProvider timeProvider)
{
    private const long RefreshNanoseconds = 1_000_000_000;

    private long _refreshed = long.MinValue;
    private long _offset;

    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Unix time minus CLOCK_MONOTONIC, in nanoseconds. One thread.</summary>
    public long WallClockOffset
    {
        get
        {
            var now = Now;
            if (_refreshed == long.MinValue || now - _refreshed > RefreshNanoseconds)
            {
                var unix = (timeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
                _offset = unix - now;
                _refreshed = now;
            }

            return _offset;
        }
    }
}
