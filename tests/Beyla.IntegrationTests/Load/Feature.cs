namespace Beyla.IntegrationTests.Load;

/// <summary>What a mix can do to a server; a <see cref="Fleet.ServerProfile"/> says which of it the server can't take.</summary>
public enum Feature
{
    /// <summary>More than one request on a connection.</summary>
    KeepAlive,

    /// <summary>Requests sent before earlier ones are answered (RFC 9112 §9.3.2).</summary>
    Pipelining,

    /// <summary>Content in requests that others follow before they are answered.</summary>
    PipelinedContent,

    /// <summary>Request content with chunked transfer coding.</summary>
    ChunkedRequest,

    /// <summary>Response content with chunked transfer coding.</summary>
    ChunkedResponse,

    /// <summary>Response content that ends with the connection.</summary>
    CloseDelimitedResponse,

    /// <summary><c>Expect: 100-continue</c> with a client that waits for the answer.</summary>
    ExpectContinue,

    /// <summary>A complete response before the request's content has been sent in full.</summary>
    EarlyResponse,

    /// <summary>A pause before the response.</summary>
    Delay,

    /// <summary>The server ends the connection because the request asked for that in its query.</summary>
    ServerClose,

    /// <summary>The client goes away in the middle of the request's head.</summary>
    AbortInHead,

    /// <summary>The client goes away in the middle of the request's content.</summary>
    AbortInRequest,

    /// <summary>The client goes away in the middle of the response.</summary>
    AbortInResponse,

    /// <summary>A head that arrives in several pieces.</summary>
    SplitHead,

    /// <summary>A head of up to 8 KB.</summary>
    LargeHead,
}
