namespace Beyla.Protocols.Http1;

/// <summary>Facts of a head that are either there or not.</summary>
[Flags]
internal enum HeadFlags : byte
{
    None = 0,

    /// <summary>A <c>Transfer-Encoding</c> field is present, whatever its codings.</summary>
    TransferEncoding = 1 << 0,

    /// <summary>The last transfer coding is <c>chunked</c>.</summary>
    Chunked = 1 << 1,

    /// <summary><c>Expect: 100-continue</c>.</summary>
    ExpectContinue = 1 << 2,

    /// <summary><c>Connection: close</c>.</summary>
    Close = 1 << 3,

    /// <summary><c>Connection: keep-alive</c>.</summary>
    KeepAlive = 1 << 4,

    /// <summary>An <c>Upgrade</c> field is present.</summary>
    Upgrade = 1 << 5,

    /// <summary><c>Upgrade: h2c</c>.</summary>
    UpgradeToHttp2 = 1 << 6,

    /// <summary><c>Content-Type: text/event-stream</c>.</summary>
    EventStream = 1 << 7,
}
