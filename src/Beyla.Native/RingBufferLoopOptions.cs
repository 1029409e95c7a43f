namespace Beyla.Native;

/// <summary>When a <see cref="RingBufferLoop"/> reads and when it sleeps.</summary>
public sealed record RingBufferLoopOptions
{
    /// <summary>Between two looks into the ring under traffic. Longer saves CPU; the ring must hold what comes meanwhile.</summary>
    public TimeSpan ActiveInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks in vain, one after the other, before it sleeps until it is notified.</summary>
    public int EmptyDrainsBeforeSleep { get; init; } = 2;

    /// <summary>The longest sleep.</summary>
    public TimeSpan MaxSleep { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most records of one batch.</summary>
    public int MaxBatch { get; init; } = 4096;
}
