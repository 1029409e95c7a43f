namespace Beyla.Protocols.Http1;

/// <summary>Start line and the fields that matter, as views of the parsed bytes. After <see cref="HeadResult.NeedMore"/> it holds what is certain already.</summary>
internal ref struct Http1Head
{
    /// <summary><see cref="ContentLength"/> when there is no such field.</summary>
    internal const long Absent = -1;

    /// <summary><see cref="ContentLength"/> when fields disagree or are no numbers.</summary>
    internal const long Invalid = -2;

    public Http1Head() => ContentLength = Absent;

    internal bool IsResponse { get; set; }

    /// <summary>Whether the start line was seen whole.</summary>
    internal bool HasStartLine { get; set; }

    /// <summary>Bytes up to and with the empty line; 0 unless complete.</summary>
    internal int Length { get; set; }

    internal ReadOnlySpan<byte> Method { get; set; }

    /// <summary>Path of the target without query; empty for the authority form.</summary>
    internal ReadOnlySpan<byte> Path { get; set; }

    internal bool PathTruncated { get; set; }

    /// <summary>What follows the path, from its question mark on; empty when there is nothing and when it was not seen whole.</summary>
    internal ReadOnlySpan<byte> Query { get; set; }

    /// <summary>Authority of an absolute or authority-form target, else the <c>Host</c> field (RFC 9112 §3.2.2).</summary>
    internal ReadOnlySpan<byte> Host { get; set; }

    internal int StatusCode { get; set; }

    internal int VersionMinor { get; set; }

    internal long ContentLength { get; set; }

    internal HeadFlags Flags { get; set; }

    internal TraceParent TraceParent { get; set; }

    /// <summary>Whether it is what a client of HTTP/2 sends first, made to look like a request (RFC 9113 §3.4).</summary>
    internal readonly bool IsHttp2Preface => Method.SequenceEqual("PRI"u8);

    internal readonly bool Has(HeadFlags flag) => (Flags & flag) != 0;
}
