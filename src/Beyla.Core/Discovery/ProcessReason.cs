namespace Beyla.Discovery;

/// <summary>Why a process is in its <see cref="ProcessState"/>.</summary>
public enum ProcessReason
{
    /// <summary>Nothing stands in the way.</summary>
    None,

    /// <summary>No selector matches.</summary>
    NotSelected,

    /// <summary>A selector matches but for its ports: the process listens on none of them.</summary>
    NotListening,

    /// <summary>One of <see cref="DiscoveryOptions.Exclusions"/> matches.</summary>
    Excluded,

    /// <summary>A telemetry agent, see <see cref="DiscoveryOptions.UseDefaultExclusions"/>.</summary>
    ExcludedByDefault,

    /// <summary>The process that runs the session, see <see cref="DiscoveryOptions.InstrumentSelf"/>.</summary>
    SelfExcluded,

    /// <summary>Process 1: all processes descend from it, so it is never observed.</summary>
    IsInit,

    /// <summary>A thread of the kernel.</summary>
    KernelThread,

    /// <summary>There is no such process (any more).</summary>
    Gone,

    /// <summary>The executable or the open files could not be read for lack of rights (<c>CAP_SYS_PTRACE</c>, <c>CAP_DAC_READ_SEARCH</c>).</summary>
    AccessDenied,

    /// <summary><see cref="DiscoveryOptions.MaxProcesses"/> are observed already.</summary>
    ProcessTableFull,

    /// <summary>The kernel's table of watched processes has no room; tried again at each comparison with <c>/proc</c>.</summary>
    WatchTableFull,

    /// <summary>Detached on request.</summary>
    Detached,
}
