namespace Beyla.Discovery.Proc;

/// <summary>How an attempt to read something of a process ended. It may vanish between any two calls.</summary>
internal enum ProcRead
{
    Ok,

    /// <summary>The process does not exist, or what was asked for does not exist of it (the executable of a kernel thread).</summary>
    Gone,

    /// <summary>It exists and can't be read: rights are missing.</summary>
    Denied,

    /// <summary>It can't be read for another reason, such as too many open files.</summary>
    Failed,
}
