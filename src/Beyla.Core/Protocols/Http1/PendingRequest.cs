namespace Beyla.Protocols.Http1;

/// <summary>A request whose response is not complete.</summary>
internal struct PendingRequest
{
    /// <summary>Where its texts (method, path, host, query, one behind the other) lie in the queue's buffer.</summary>
    internal int TextOffset;
    internal byte MethodLength;
    internal int PathLength;
    internal int HostLength;
    internal int QueryLength;
    internal bool PathTruncated;
    internal bool IsHead;
    internal bool IsConnect;
    internal int VersionMinor;
    internal int ProcessId;
    internal long StartTime;

    /// <summary>Time of its last byte seen before the response began.</summary>
    internal long EndTime;

    /// <summary>Whether its last byte was seen.</summary>
    internal bool IsComplete;

    /// <summary>Bytes of its content; <see cref="Http1Head.Absent"/> while not known.</summary>
    internal long BodySize;

    /// <summary>Position of its first byte.</summary>
    internal uint Position;

    /// <summary>The response direction's position when it began.</summary>
    internal uint Opposite;
    internal TraceParent TraceParent;
}
