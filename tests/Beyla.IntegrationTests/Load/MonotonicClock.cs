using System.Diagnostics;

namespace Beyla.IntegrationTests.Load;

/// <summary>CLOCK_MONOTONIC in nanoseconds, the clock that the observed programs log and the kernel stamps with.</summary>
internal static class MonotonicClock
{
    // Stopwatch reads CLOCK_MONOTONIC on Linux, with this unit.
    private static readonly long NanosecondsPerTick = 1_000_000_000 / Stopwatch.Frequency;

    public static long Now => Stopwatch.GetTimestamp() * NanosecondsPerTick;

    /// <summary>What to subtract from nanoseconds since the Unix epoch, as things stand now.</summary>
    public static long UnixOffset()
    {
        var before = Now;
        var unix = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return unix - before - ((Now - before) / 2);
    }
}
