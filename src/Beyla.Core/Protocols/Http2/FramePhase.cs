namespace Beyla.Protocols.Http2;

/// <summary>Where in its frames one direction of a connection is.</summary>
internal enum FramePhase : byte
{
    /// <summary>Unknown: waiting for a segment that begins with a frame.</summary>
    Lost,

    /// <summary>In what a client sends before its first frame.</summary>
    Preface,

    /// <summary>Before or inside a frame header.</summary>
    Header,
    Payload,
}
