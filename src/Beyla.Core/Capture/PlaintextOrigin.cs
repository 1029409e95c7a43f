namespace Beyla.Capture;

/// <summary>What a record of plaintext says about the connection that its session uses. Valid only inside the call that hands it over.</summary>
internal readonly ref struct PlaintextOrigin
{
    /// <summary>Cookie of the socket that the session was seen to use; 0 when none was.</summary>
    public required ulong Socket { get; init; }

    /// <summary>The random of the session's ClientHello, 32 bytes; all 0 when it is not known.</summary>
    public required ReadOnlySpan<byte> Random { get; init; }
}
