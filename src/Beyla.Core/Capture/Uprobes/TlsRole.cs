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

    /// <summary>Inside a call of a session: ciphertext to be sent goes into a BIO.</summary>
    BioWrite,

    /// <summary>Inside a call of a session: ciphertext that was received comes out of a BIO. The bytes are there at the return.</summary>
    BioRead,
}
