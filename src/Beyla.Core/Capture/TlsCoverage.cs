namespace Beyla.Capture;

/// <summary>Whether the plaintext of a process can be had.</summary>
internal enum TlsCoverage : byte
{
    /// <summary>Not known yet: the process is being looked at, or may be about to load its TLS library.</summary>
    Pending,

    /// <summary>Probes are in at least one TLS library of it.</summary>
    Covered,

    /// <summary>No library in it can be probed.</summary>
    None,
}
