namespace Beyla.Protocols.Http2;

/// <summary>Frame flags of RFC 9113 §6; which of them mean something depends on the type.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>DATA, HEADERS: the sender's last frame of the stream. SETTINGS, PING: an acknowledgement.</summary>
    EndStreamOrAck = 0x1,

    /// <summary>HEADERS, PUSH_PROMISE, CONTINUATION: the header block ends here.</summary>
    EndHeaders = 0x4,

    /// <summary>DATA, HEADERS, PUSH_PROMISE.</summary>
    Padded = 0x8,

    /// <summary>HEADERS.</summary>
    Priority = 0x20,
}
