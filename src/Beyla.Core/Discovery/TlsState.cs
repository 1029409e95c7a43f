namespace Beyla.Discovery;

/// <summary>Whether what a process sends and receives through TLS is seen.</summary>
public enum TlsState
{
    /// <summary>Nothing is known: no TLS library was found in it, and it used no TLS so far.</summary>
    None,

    /// <summary>Probes are in its TLS libraries: <see cref="ProcessSnapshot.TlsExplanation"/> names them.</summary>
    Observed,

    /// <summary>It uses TLS that can't be seen, for the reason in <see cref="ProcessSnapshot.TlsExplanation"/>.</summary>
    NotObserved,
}
