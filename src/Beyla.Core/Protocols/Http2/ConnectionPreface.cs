namespace Beyla.Protocols.Http2;

/// <summary>What a client sends before its first frame (RFC 9113 §3.4).</summary>
internal static class ConnectionPreface
{
    private const int TellingBytes = 4; // fewer could begin an HTTP/1 method

    internal static ReadOnlySpan<byte> Bytes => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>The part that looks like the head of a request.</summary>
    internal static ReadOnlySpan<byte> Head => "PRI * HTTP/2.0\r\n\r\n"u8;

    /// <summary>Whether the preface begins with these bytes, or they with the preface, and they are enough to tell it from HTTP/1.</summary>
    internal static bool IsAt(ReadOnlySpan<byte> bytes) => bytes.Length >= TellingBytes && MayBeAt(bytes);

    /// <summary>Whether the preface begins with these bytes, or they with the preface.</summary>
    internal static bool MayBeAt(ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(bytes.Length, Bytes.Length);
        return bytes[..length].SequenceEqual(Bytes[..length]);
    }
}
