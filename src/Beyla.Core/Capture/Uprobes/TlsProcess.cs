namespace Beyla.Capture.Uprobes;

/// <summary>What the <see cref="TlsProbes"/> hold of a process.</summary>
internal sealed class TlsProcess(int processId, string executable)
{
    /// <summary>Looks after which a process that uses TLS is taken for one that can't be covered; in between it may load its library.</summary>
    private static readonly long[] Pauses = [250_000_000, 1_000_000_000, 3_000_000_000, 30_000_000_000];

    private int _coverage;
    private int _asked;
    private long _nextLook;
    private long _ciphertextUntil;

    internal int ProcessId { get; } = processId;

    internal string Executable { get; } = executable;

    /// <summary>Written by the worker, read by the reader.</summary>
    internal TlsCoverage Coverage
    {
        get => (TlsCoverage)Volatile.Read(ref _coverage);
        set => Volatile.Write(ref _coverage, (int)value);
    }

    /// <summary>Until when ciphertext is wanted; written by the reader, read by the worker.</summary>
    internal long CiphertextUntil
    {
        get => Volatile.Read(ref _ciphertextUntil);
        set => Volatile.Write(ref _ciphertextUntil, value);
    }

    /// <summary>What was found and attached. Worker only.</summary>
    internal string Explanation { get; set; } = "";

    /// <summary>The files of which it is a user. Worker only.</summary>
    internal HashSet<TlsFileKey> Files { get; } = [];

    /// <summary>Notes that TLS was seen on a connection of it while it is not covered. Reader only.</summary>
    /// <returns>The number of the look that is due, from 1 on; 0 when none is.</returns>
    internal int Ask(long now)
    {
        if (now < _nextLook)
        {
            return 0;
        }

        _nextLook = now + Pauses[Math.Min(_asked, Pauses.Length - 1)];
        return ++_asked;
    }

    /// <summary>Whether a look is the last before the process is given up, or a later one.</summary>
    internal static bool IsLast(int look) => look >= Pauses.Length;
}
