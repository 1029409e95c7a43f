namespace Beyla.Protocols;

/// <summary>Recognises the record layer of TLS (RFC 8446 §5.1).</summary>
internal static class TlsRecord
{
    private const byte ChangeCipherSpec = 20;
    private const byte ApplicationData = 23;
    private const byte MajorVersion = 3;
    private const byte MaxMinorVersion = 4;

    /// <summary>Whether <paramref name="bytes"/> begin with a record header.</summary>
    internal static bool IsAt(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 3
        && bytes[0] is >= ChangeCipherSpec and <= ApplicationData
        && bytes[1] == MajorVersion
        && bytes[2] <= MaxMinorVersion;
}
