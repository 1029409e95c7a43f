namespace Beyla.Protocols.Http1;

/// <summary>How a message's content is delimited (RFC 9112 §6.3).</summary>
internal enum BodyKind : byte
{
    None,
    Fixed,
    Chunked,
    UntilClose,

    /// <summary>Delimited in a way that was not seen or that contradicts itself.</summary>
    Unknown,
}
