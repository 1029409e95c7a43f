namespace Beyla.Protocols;

/// <summary>One application protocol: how its messages begin and who follows a connection of it. Used by one thread.</summary>
internal interface IProtocol
{
    /// <summary>Short name for logs, such as <c>http/1</c>.</summary>
    string Name { get; }

    /// <summary>Whether a message of this protocol, in either direction, may begin with these bytes.</summary>
    /// <param name="bytes">First known bytes of a segment, at least one. A prefix too short to tell is answered with <see langword="true"/>.</param>
    /// <param name="isTurn">Whether the bytes begin where the other side was waiting; else they may be the rest of something.</param>
    bool MayBeginWith(ReadOnlySpan<byte> bytes, bool isTurn);

    /// <summary>A tracker in its initial state.</summary>
    ProtocolConnection Rent();

    /// <summary>A tracker that goes on where another protocol's ended; <see langword="null"/> when the connection's new protocol is not this one.</summary>
    ProtocolConnection? TakeOver(ProtocolUpgrade upgrade) => null;

    /// <summary>Takes a tracker back for reuse.</summary>
    void Return(ProtocolConnection connection);
}
