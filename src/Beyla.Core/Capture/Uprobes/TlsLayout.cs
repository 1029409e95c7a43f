namespace Beyla.Capture.Uprobes;

/// <summary>Offsets inside a TLS library's structures, in bytes; <see langword="null"/> where not known.</summary>
internal readonly record struct TlsLayout
{
    /// <summary>Of the pointer to the read BIO in the session.</summary>
    public ushort? ReadBio { get; init; }

    /// <summary>Of the pointer to the write BIO in the session.</summary>
    public ushort? WriteBio { get; init; }

    /// <summary>Whether the session begins with an <c>int</c> that must be 0 for the two offsets to hold (OpenSSL 3.2: other kinds are QUIC).</summary>
    public bool HasKind { get; init; }

    /// <summary>Of the 32 bytes of the ClientHello's random: in the session, or in what <see cref="ClientRandomHolder"/> points to.</summary>
    public ushort? ClientRandom { get; init; }

    /// <summary>Of the pointer in the session to what holds the random; <see langword="null"/> when the session holds it itself.</summary>
    public ushort? ClientRandomHolder { get; init; }

    /// <summary>Of the pointer to the goroutine, from the thread's fs base: Go's stack ABI has it in no register.</summary>
    public int? GoroutineFromFsBase { get; init; }
}
