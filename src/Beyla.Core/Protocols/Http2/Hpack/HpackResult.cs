namespace Beyla.Protocols.Http2.Hpack;

/// <summary>How the reading of a header block ended.</summary>
internal enum HpackResult : byte
{
    /// <summary>Every field was read.</summary>
    Complete,

    /// <summary>The block ends inside a field. All fields before it were read.</summary>
    Truncated,

    /// <summary>The block breaks the rules of RFC 7541.</summary>
    Malformed,
}
