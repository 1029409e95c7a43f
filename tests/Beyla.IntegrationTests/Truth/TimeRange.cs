namespace Beyla.IntegrationTests.Truth;

/// <summary>From when to when, in nanoseconds of CLOCK_MONOTONIC.</summary>
internal readonly record struct TimeRange(long Start, long End);
