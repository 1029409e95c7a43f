namespace Beyla.Protocols.Http1;

/// <summary>The three answers of a parser. A cut message is a state, not an error.</summary>
internal enum HeadResult : byte
{
    /// <summary>Nothing contradicts, but the end was not seen.</summary>
    NeedMore,
    Complete,

    /// <summary>These bytes are not a message of this protocol.</summary>
    NotMine,
}
