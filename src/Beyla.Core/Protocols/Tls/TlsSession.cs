using Beyla.Capture;

namespace Beyla.Protocols.Tls;

/// <summary>A TLS session of a process, as its library shows it.</summary>
internal sealed class TlsSession(ulong key, int processId) : RecencyNode
{
    internal ulong Key { get; } = key;

    internal int ProcessId { get; } = processId;

    /// <summary>The connection that carries it; <see langword="null"/> while it is not known.</summary>
    internal TlsConnection? Connection { get; set; }

    /// <summary>Whether the socket was used inside calls of the library: then its ends are the session's, in order.</summary>
    internal bool IsNested { get; set; }

    /// <summary>Plaintext that waits for the connection.</summary>
    internal HeldSegments? Held { get; set; }

    /// <summary>When the oldest of it came.</summary>
    internal long HeldSince { get; set; }

    /// <summary>Type of the record whose content the library is about to read; 0 when not known.</summary>
    internal byte NextRecord { get; set; }

    internal long LastSeen { get; set; }

    /// <summary>When the connection or the session ended; 0 while neither has.</summary>
    internal long EndedAt { get; set; }

    /// <summary>How it ended.</summary>
    internal SocketEnd End { get; set; }
}
