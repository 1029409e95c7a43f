namespace Beyla.Capture.Uprobes;

/// <summary>What a function of a TLS library means to the observer.</summary>
internal enum TlsRole : byte
{
    None,

    /// <summary>Hands plaintext to the application. The bytes are there at its return; socket calls inside belong to the session.</summary>
    Read,

    /// <summary>Takes plaintext of the application. The bytes are there at its entry, how many were taken at its return; socket calls inside belong to the session.</summary>
    Write,

    /// <summary>Moves no plaintext that is not seen elsewhere (handshake, shutdown, peek); socket calls inside belong to the session.</summary>
    Control,

    /// <summary>The session is freed: its address may become another's.</summary>
    Free,

    /// <summary>The application names the descriptor of the session's socket. It may be a pointer to something else, so the value is to be checked.</summary>
    SetDescriptor,

    /// <summary>The application names the session's BIOs.</summary>
    SetBios,

    /// <summary>Bytes are put into a BIO: ciphertext that was received, when it is a session's read BIO.</summary>
    BioWrite,

    /// <summary>Bytes are taken out of a BIO: ciphertext to be sent, when it is a session's write BIO. They are there at the return.</summary>
    BioRead,
}
