namespace Beyla.Discovery;

/// <summary>The kernel's table of watched processes. Called by the reader thread only.</summary>
internal interface IKernelWatch
{
    /// <summary>The processes that the table holds, provisional ones included. May be stale at once.</summary>
    IEnumerable<int> WatchedProcesses { get; }

    /// <summary>Watches a process for good, whether it was watched provisionally, already, or not at all.</summary>
    /// <returns>Whether it is watched now: not when the table is full.</returns>
    bool Watch(int pid);

    /// <summary>Takes a process out, if it is in.</summary>
    void Unwatch(int pid);

    /// <summary>Takes a process out that was watched provisionally, unless the kernel has found another reason to watch it meanwhile.</summary>
    void Reject(int pid) => Unwatch(pid);
}
