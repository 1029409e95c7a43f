namespace Beyla.Capture;

/// <summary>Takes decoded records, on the reader thread, in the order in which the kernel reserved them.</summary>
internal interface ICaptureHandler
{
    /// <summary>A watched process moved bytes on a connection.</summary>
    void OnSegment(ulong cookie, in SocketSegment segment);

    /// <summary>A direction of a connection, or all of it, ended. The process is 0 where the kernel can't tell it.</summary>
    void OnEnd(ulong cookie, SocketEnd end, long timeNanoseconds);

    /// <summary>A TLS library of a watched process took plaintext or handed it over.</summary>
    /// <param name="session">Key of the session; never equal to a cookie.</param>
    /// <param name="origin">What is known of the session's connection.</param>
    /// <param name="segment">The bytes, with positions in the plaintext.</param>
    void OnPlaintext(ulong session, in PlaintextOrigin origin, in SocketSegment segment);

    /// <summary>A TLS session has no more input, or is gone.</summary>
    void OnSessionEnd(ulong session, SocketEnd end, long timeNanoseconds);

    /// <summary>A TLS library exchanged ciphertext with a memory buffer, for a session whose socket it did not show.</summary>
    void OnCiphertext(ulong session, int processId, SocketDirection direction, ReadOnlySpan<byte> bytes, long timeNanoseconds);

    /// <summary>A process replaced its image. Whether it stays watched must be decided before the next record is handled.</summary>
    void OnExec(int processId, int parentProcessId, ReadOnlySpan<byte> path);

    /// <summary>A watched process forked; the child is watched unless the map was full.</summary>
    void OnFork(int childProcessId, int parentProcessId);

    /// <summary>The last thread of a watched process ended.</summary>
    void OnExit(int processId);

    /// <summary>A process began to listen on a selected port.</summary>
    void OnListen(int processId, int port);
}
