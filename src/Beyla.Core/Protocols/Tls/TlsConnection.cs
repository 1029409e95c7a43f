using Beyla.Capture;
using Beyla.Tracing;

namespace Beyla.Protocols.Tls;

/// <summary>A connection that carries TLS.</summary>
internal sealed class TlsConnection(ulong cookie, int processId, SocketEndpoint local, SocketEndpoint remote) : RecencyNode
{
    internal ulong Cookie { get; } = cookie;

    internal int ProcessId { get; } = processId;

    internal SocketEndpoint Local { get; } = local;

    internal SocketEndpoint Remote { get; } = remote;

    /// <summary>Of the ClientHello that it began with; unknown when its beginning was not seen.</summary>
    internal ClientRandom Random { get; set; }

    /// <summary>Whether a TLS library of its process is probed.</summary>
    internal bool IsCovered { get; set; }

    /// <summary>Whether the process has both ends of the connection, so that its random does not tell which of them.</summary>
    internal bool HasTwin { get; set; }

    /// <summary>The session whose plaintext it carries; <see langword="null"/> while it is not known.</summary>
    internal TlsSession? Session { get; set; }

    /// <summary>Whether it ever had one.</summary>
    internal bool WasTied { get; set; }

    /// <summary>When it ended; 0 while it has not.</summary>
    internal long EndedAt { get; set; }

    /// <summary>How it ended.</summary>
    internal SocketEnd End { get; set; }

    /// <summary>Whether the kernel was told to report nothing more but the end.</summary>
    internal bool IsSilent { get; set; }

    /// <summary>Segments looked at.</summary>
    internal int Segments { get; set; }
}
