using Beyla.Protocols;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols;

/// <summary>A kept copy of a gRPC call.</summary>
internal sealed record SeenCall(
    SpanKind Kind,
    string Path,
    string Host,
    int? Status,
    int? HttpStatus,
    long? RequestMessages,
    long? RequestBytes,
    long? ResponseMessages,
    long? ResponseBytes,
    SpanEnd End,
    long Start,
    long Finish,
    TraceParent TraceParent)
{
    /// <summary>All that does not depend on how the bytes were cut into segments.</summary>
    internal string Summary =>
        $"{Path} @{Host} {Status?.ToString() ?? "-"} http {HttpStatus?.ToString() ?? "-"} {RequestMessages?.ToString() ?? "-"}:{RequestBytes?.ToString() ?? "-"}/{ResponseMessages?.ToString() ?? "-"}:{ResponseBytes?.ToString() ?? "-"} {End}";
}
