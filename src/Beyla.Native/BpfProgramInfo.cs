namespace Beyla.Native;

/// <summary>What the kernel knows of a loaded program.</summary>
public readonly record struct BpfProgramInfo
{
    /// <summary>Id, unique on the machine while the program lives.</summary>
    public required int Id { get; init; }

    /// <summary>Runs while statistics were on (<see cref="BpfRuntime.EnableStatistics"/>).</summary>
    public required long RunCount { get; init; }

    /// <summary>Nanoseconds spent in those runs.</summary>
    public required long RunTimeNanoseconds { get; init; }

    /// <summary>Hits that the kernel skipped because the program was running on that CPU already. Counted always, since Linux 5.12.</summary>
    public required long RecursionMisses { get; init; }

    /// <summary>Instructions that the verifier walked, since Linux 5.16; else 0.</summary>
    public required int VerifiedInstructions { get; init; }

    /// <summary>Bytes of the program as the kernel rewrote it.</summary>
    public required int TranslatedBytes { get; init; }

    /// <summary>Bytes of machine code; 0 when it is interpreted.</summary>
    public required int JitedBytes { get; init; }
}
