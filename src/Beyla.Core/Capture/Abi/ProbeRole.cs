namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_tls_role</c>: what a function of a TLS library means.</summary>
internal enum ProbeRole : byte
{
    None = 0,

    /// <summary>Hands plaintext to the application. The bytes are there at its return; socket calls inside belong to the session.</summary>
    Read = 1,

    /// <summary>Takes plaintext of the application. The bytes are there at its entry, how many were taken at its return; socket calls inside belong to the session.</summary>
    Write = 2,

    /// <summary>Moves no plaintext that is not seen elsewhere (handshake, shutdown, peek); socket calls inside belong to the session.</summary>
    Control = 3,

    /// <summary>The session ends: its address may become another's, or it is used for another connection.</summary>
    Free = 4,

    /// <summary>Inside a call of a session: ciphertext to be sent goes into a BIO.</summary>
    BioWrite = 5,

    /// <summary>Inside a call of a session: ciphertext that was received comes out of a BIO. The bytes are there at the return.</summary>
    BioRead = 6,
}
