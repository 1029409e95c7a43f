using Beyla.Protocols.Http2.Hpack;

namespace Beyla.Protocols.Http2;

/// <summary>The fields that matter.</summary>
internal enum HeaderName : byte
{
    Other = HpackFields.Other,
    Method,
    Path,
    Scheme,
    Authority,
    Protocol,
    Status,
    Host,
    ContentType,
    TraceParent,
    GrpcStatus,
    GrpcTimeout,
    Unknown = HpackFields.UnknownName,
}
