namespace Beyla.Protocols.Tls;

/// <summary>Reads the one thing that is needed of a ClientHello.</summary>
internal static class ClientHello
{
    private const int HandshakeRecord = 22;
    private const int RandomOffset = 11;

    /// <summary>Reads the random of a ClientHello at the start of a record (RFC 8446 §4.1.2, §5.1).</summary>
    /// <param name="bytes">First bytes of a segment.</param>
    /// <param name="random">The random.</param>
    /// <returns>Whether there is one.</returns>
    internal static bool TryReadRandom(ReadOnlySpan<byte> bytes, out ClientRandom random)
    {
        // Record: type, version (2), length (2). Handshake message: type 1, length (3), version (2), random.
        if (bytes.Length >= RandomOffset + ClientRandom.Length
            && bytes[0] == HandshakeRecord && TlsRecord.IsAt(bytes) && bytes[5] == 1 && bytes[9] == 3)
        {
            random = ClientRandom.From(bytes[RandomOffset..]);
            return !random.IsUnknown;
        }

        random = default;
        return false;
    }
}
