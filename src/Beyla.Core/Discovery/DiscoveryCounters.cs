namespace Beyla.Discovery;

/// <summary>How often discovery did what. Written by the reader thread, read by any.</summary>
internal sealed class DiscoveryCounters
{
    private long _attached;
    private long _exited;
    private long _processTableFull;
    private long _watchTableFull;
    private long _unreadable;
    private long _hidden;

    /// <summary>The same failures, by executable.</summary>
    internal InstrumentationErrors Errors { get; } = new();

    /// <summary>Processes that came to be watched.</summary>
    internal long Attached => Volatile.Read(ref _attached);

    /// <summary>Watched processes that ended.</summary>
    internal long Exited => Volatile.Read(ref _exited);

    /// <summary>Selected processes refused because <see cref="DiscoveryOptions.MaxProcesses"/> were watched; once for each time they were met.</summary>
    internal long ProcessTableFull => Volatile.Read(ref _processTableFull);

    /// <summary>Times that the kernel's table had no room.</summary>
    internal long WatchTableFull => Volatile.Read(ref _watchTableFull);

    /// <summary>Processes whose executable could not be read for lack of rights; once for each time they were met.</summary>
    internal long Unreadable => Volatile.Read(ref _unreadable);

    /// <summary>Processes that could not be looked into for lack of rights while nobody was found who listens on a selected port; once for each time they were met.</summary>
    internal long Hidden => Volatile.Read(ref _hidden);

    internal void CountAttached() => Volatile.Write(ref _attached, _attached + 1);

    internal void CountExited() => Volatile.Write(ref _exited, _exited + 1);

    internal void CountProcessTableFull(ReadOnlySpan<char> executable)
    {
        Volatile.Write(ref _processTableFull, _processTableFull + 1);
        Errors.Count(executable, "process_table_full");
    }

    internal void CountWatchTableFull(ReadOnlySpan<char> executable)
    {
        Volatile.Write(ref _watchTableFull, _watchTableFull + 1);
        Errors.Count(executable, "watch_table_full");
    }

    internal void CountUnreadable()
    {
        Volatile.Write(ref _unreadable, _unreadable + 1);
        Errors.Count("", "inspection_failed");
    }

    internal void CountHidden(int processes)
    {
        Volatile.Write(ref _hidden, _hidden + processes);
        Errors.Count("", "inspection_failed", processes);
    }
}
