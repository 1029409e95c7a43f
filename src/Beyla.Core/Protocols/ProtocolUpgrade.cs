using Beyla.Capture;

namespace Beyla.Protocols;

/// <summary>
/// A connection leaves its protocol for another one. Filled by the tracker of the old protocol; valid while the tracker of
/// the new one takes over.
/// </summary>
internal sealed class ProtocolUpgrade
{
    /// <summary>HTTP/2 without TLS (RFC 7540 §3.2), as an <c>Upgrade</c> field names it.</summary>
    internal const string Http2 = "h2c";

    /// <summary>Name of the new protocol.</summary>
    internal string Protocol { get; set; } = "";

    /// <summary>The direction of requests.</summary>
    internal SocketDirection Requests { get; set; }

    /// <summary>Where the first byte of the new protocol that was not taken yet stands, modulo 2^32.</summary>
    internal uint RequestPosition { get; set; }

    /// <summary>Bytes of the new protocol before <see cref="RequestPosition"/>.</summary>
    internal int Taken { get; set; }

    /// <inheritdoc cref="RequestPosition"/>
    internal uint ResponsePosition { get; set; }

    /// <summary>Whether the old protocol has read responses up to <see cref="ResponsePosition"/>.</summary>
    internal bool AreResponsesSeen { get; set; }

    /// <summary>Whether a request is left for the new protocol to answer.</summary>
    internal bool HasRequest { get; set; }

    /// <summary>Method, path, host and query of the request, one behind the other.</summary>
    internal byte[] Text { get; set; } = [];

    internal int TextOffset { get; set; }

    internal int MethodLength { get; set; }

    internal int PathLength { get; set; }

    internal int HostLength { get; set; }

    internal int QueryLength { get; set; }

    internal bool PathTruncated { get; set; }

    internal TraceParent TraceParent { get; set; }

    internal int ProcessId { get; set; }

    internal long StartTime { get; set; }

    internal long EndTime { get; set; }

    /// <summary>Bytes of the request's content; negative when not known.</summary>
    internal long BodySize { get; set; }
}
