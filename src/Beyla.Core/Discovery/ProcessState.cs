namespace Beyla.Discovery;

/// <summary>How far the observation of a process has come.</summary>
public enum ProcessState
{
    /// <summary>Exists and may still become selected: <see cref="ProcessSnapshot.Reason"/> says what is missing.</summary>
    Discovered,

    /// <summary>A selector matches; the probes do not watch it yet.</summary>
    Matched,

    /// <summary>The probes watch it; no span of it was seen yet.</summary>
    Attached,

    /// <summary>At least one span of it was seen.</summary>
    Active,

    /// <summary>Not observed, for <see cref="ProcessSnapshot.Reason"/>.</summary>
    Skipped,

    /// <summary>Was observed and has ended.</summary>
    Exited,
}
