namespace Beyla.Capture;

/// <summary>Where plaintext comes from, as those see it who tie it to connections. Called on the reader thread.</summary>
internal interface ITlsSource
{
    /// <summary>Whether plaintext of a process can be had. Asked for each connection of it that carries TLS, so it is also the sign to look at the process once more.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="nowNanoseconds">CLOCK_MONOTONIC.</param>
    TlsCoverage CoverageOf(int processId, long nowNanoseconds);

    /// <summary>A session of the process can't be tied to a connection: its ciphertext is wanted for a while.</summary>
    /// <inheritdoc cref="CoverageOf"/>
    void WantCiphertext(int processId, long nowNanoseconds);
}
