namespace Beyla.Protocols.Http1;

/// <summary>Where in its messages one direction of a connection is.</summary>
internal enum StreamPhase : byte
{
    /// <summary>Unknown: waiting for a segment that begins a turn and a message.</summary>
    Lost,

    /// <summary>Before or inside a head.</summary>
    Head,

    /// <summary>In a body of known length.</summary>
    Fixed,
    Chunked,

    /// <summary>In a response body that the end of the connection ends.</summary>
    UntilClose,

    /// <summary>In a response whose end can't be told from its bytes.</summary>
    Inferred,
}
