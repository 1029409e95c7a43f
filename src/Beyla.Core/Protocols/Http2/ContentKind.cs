namespace Beyla.Protocols.Http2;

/// <summary>What a message's <c>content-type</c> says that matters.</summary>
internal enum ContentKind : byte
{
    /// <summary>Not known: the field may have been among those that were not seen.</summary>
    Unknown,

    /// <summary>Any other type, or none.</summary>
    Other,

    /// <summary><c>application/grpc</c> with any format behind a plus sign.</summary>
    Grpc,

    /// <summary><c>text/event-stream</c>: a stream of events that the server sends as they occur.</summary>
    EventStream,
}
