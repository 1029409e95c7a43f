namespace Beyla.IntegrationTests.Truth;

/// <summary>One request as it really was.</summary>
internal sealed record TruthRecord
{
    public required string Id { get; init; }

    public required string Method { get; init; }

    /// <summary>Without query.</summary>
    public required string Path { get; init; }

    /// <summary><see langword="null"/> where a broken request leaves open whether and how it is answered.</summary>
    public int? Status { get; init; }

    /// <summary>Content without framing.</summary>
    public required ByteRange RequestBytes { get; init; }

    /// <summary>Content without framing.</summary>
    public required ByteRange ResponseBytes { get; init; }

    /// <summary>The client's port; <see langword="null"/> when the client does not know it.</summary>
    public int? SourcePort { get; init; }

    /// <summary>Place among the requests of the same connection.</summary>
    public int Sequence { get; init; }

    /// <summary>From before the client's first byte to after its last: nothing can have been earlier or later.</summary>
    public TimeRange? Outer { get; init; }

    /// <summary>The server's handler: whoever saw the whole exchange was there before and after it.</summary>
    public TimeRange? Inner { get; init; }

    /// <summary>Whether the connection broke on purpose: then sizes and status may be unknown.</summary>
    public bool Aborted { get; init; }

    /// <summary>Whether there may be no trace of the request, for instance because its head never arrived in full.</summary>
    public bool Optional { get; init; }
}
