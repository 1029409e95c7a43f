namespace Beyla.Protocols;

/// <summary>What the trackers of one reader saw and what they had to give up. Written by the reader's thread only; reads elsewhere may lag.</summary>
internal sealed class ProtocolCounters
{
    /// <summary>Exchanges handed to the sink, in whatever way they ended.</summary>
    public long Exchanges;

    /// <summary>Those of <see cref="Exchanges"/> whose connection ended first.</summary>
    public long Aborted;

    /// <summary>Those of <see cref="Exchanges"/> whose end was inferred.</summary>
    public long Inferred;

    /// <summary>Heads of which only a part was copied.</summary>
    public long TruncatedHeads;

    /// <summary>Heads that were incomplete when the connection ended.</summary>
    public long IncompleteHeads;

    /// <summary>Places where bytes of a stream were missing and mattered.</summary>
    public long Gaps;

    /// <summary>Bytes missing at <see cref="Gaps"/>.</summary>
    public long GapBytes;

    /// <summary>Times a stream could not be framed any more and had to wait for a message to begin.</summary>
    public long LostSync;

    /// <summary>Final responses whose request was not seen.</summary>
    public long UnpairedResponses;

    /// <summary>Requests given up without a span: their response was lost, or too many were outstanding.</summary>
    public long DroppedRequests;

    /// <summary>Messages on a recognised connection that broke the protocol's grammar.</summary>
    public long Malformed;

    /// <summary>Times that headers were not kept because all connections together kept as many as they may.</summary>
    public long HeaderMemoryFull;

    /// <summary>Connections whose bytes no protocol knows.</summary>
    public long NotMineConnections;

    /// <summary>Connections that left their protocol.</summary>
    public long UpgradedConnections;
}
