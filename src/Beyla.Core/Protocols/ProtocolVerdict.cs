namespace Beyla.Protocols;

/// <summary>What is known about the protocol of a connection. Every verdict but the first two is final: the kernel need not report the connection any more.</summary>
internal enum ProtocolVerdict : byte
{
    /// <summary>Too few bytes were seen.</summary>
    Undecided,

    /// <summary>A protocol has recognised its messages.</summary>
    Recognized,

    /// <summary>No protocol knows these bytes.</summary>
    NotMine,

    /// <summary>TLS records: the plaintext has to come from elsewhere.</summary>
    Tls,

    /// <summary>The connection left its protocol (101 Switching Protocols, a CONNECT tunnel) for one that is not followed.</summary>
    Upgraded,
}
