namespace Beyla.Capture.Uprobes;

/// <summary>Offsets inside a TLS library's structures, in bytes; <see langword="null"/> where not known.</summary>
internal readonly record struct TlsLayout
{
    /// <summary>Of the 32 bytes of the ClientHello's random: in the session, or in what <see cref="ClientRandomHolder"/> points to.</summary>
    public ushort? ClientRandom { get; init; }

    /// <summary>Of the pointer in the session to what holds the random; <see langword="null"/> when the session holds it itself.</summary>
    public ushort? ClientRandomHolder { get; init; }

    /// <summary>Of the pointer to the goroutine, from the thread's fs base: Go's stack ABI has it in no register.</summary>
    public short? GoroutineFromFsBase { get; init; }
}
