namespace Beyla.Protocols.Tls;

/// <summary>What became of connections that carry TLS and of plaintext. Written by the reader's thread only; reads elsewhere may lag.</summary>
internal sealed class TlsCounters
{
    /// <summary>Connections that carry TLS.</summary>
    public long Connections;

    /// <summary>Those of <see cref="Connections"/> whose plaintext was found.</summary>
    public long Tied;

    /// <summary>Those of <see cref="Connections"/> of processes without a library that can be probed.</summary>
    public long WithoutSource;

    /// <summary>Those of <see cref="Connections"/> that ended without plaintext though their process's library is probed: broken handshakes, and other libraries of the process.</summary>
    public long WithoutPlaintext;

    /// <summary>Reads and writes of plaintext that were given up because their connection did not become known.</summary>
    public long Untied;

    /// <summary>Sessions that seemed to use one connection while their ClientHello had gone over another; the ClientHello decided.</summary>
    public long Contradictions;

    /// <summary>Sessions and connections given up because the tables were full.</summary>
    public long Evicted;
}
