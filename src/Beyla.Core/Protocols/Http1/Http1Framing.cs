namespace Beyla.Protocols.Http1;

/// <summary>The rules of RFC 9112 §6.3 in one place.</summary>
internal static class Http1Framing
{
    internal static BodyKind OfRequest(in Http1Head head) =>
        head.Has(HeadFlags.Chunked) ? BodyKind.Chunked
        : head.Has(HeadFlags.TransferEncoding) ? BodyKind.Unknown
        : OfLength(head.ContentLength, BodyKind.None);

    /// <param name="head">A final response.</param>
    /// <param name="toHead">Whether it answers a HEAD request.</param>
    internal static BodyKind OfResponse(in Http1Head head, bool toHead) =>
        !MayHaveContent(head.StatusCode, toHead) ? BodyKind.None
        : head.Has(HeadFlags.Chunked) ? BodyKind.Chunked
        : head.Has(HeadFlags.TransferEncoding) ? BodyKind.UntilClose
        : OfLength(head.ContentLength, BodyKind.UntilClose);

    internal static bool MayHaveContent(int statusCode, bool toHead) => !toHead && statusCode is >= 200 and not 204 and not 304;

    private static BodyKind OfLength(long length, BodyKind whenAbsent) => length switch
    {
        Http1Head.Absent => whenAbsent,
        Http1Head.Invalid => BodyKind.Unknown,
        0 => BodyKind.None,
        _ => BodyKind.Fixed,
    };
}
