namespace Beyla.Native;

/// <summary>Why a wait for a ring buffer ended.</summary>
public enum RingWaitResult
{
    /// <summary>The time was up.</summary>
    TimedOut = 0,

    /// <summary>There is something in the ring.</summary>
    Data = 1,

    /// <summary>Somebody called <see cref="RingBufferReader.Wake"/>.</summary>
    Woken = 2,
}
