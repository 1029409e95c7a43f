using Beyla.Protocols;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols;

/// <summary>A kept copy of an HTTP exchange.</summary>
internal sealed record Seen(
    SpanKind Kind,
    string Method,
    string? Path,
    string Host,
    bool PathTruncated,
    int? Status,
    string Version,
    long? RequestSize,
    long? ResponseSize,
    SpanEnd End,
    long Start,
    long RequestEnd,
    long ResponseStart,
    long Finish,
    TraceParent TraceParent)
{
    /// <summary>All that does not depend on how the bytes were cut into segments.</summary>
    internal string Summary => $"{(Method.Length == 0 ? "?" : Method)} {Path ?? "?"} @{Host} {Status?.ToString() ?? "-"} {RequestSize?.ToString() ?? "-"}/{ResponseSize?.ToString() ?? "-"} {End}";
}
