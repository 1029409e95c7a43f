namespace Beyla.Exporters.Otlp.Tests;

/// <summary>How the collector answers one request.</summary>
internal sealed record Answer
{
    internal int HttpStatus { get; init; } = 200;

    /// <summary>The Retry-After field as sent.</summary>
    internal string? RetryAfter { get; init; }

    internal string? Location { get; init; }

    /// <summary>Instead of the message that belongs there.</summary>
    internal byte[]? Body { get; init; }

    /// <summary>Status of a gRPC answer; 0 is OK.</summary>
    internal int GrpcStatus { get; init; }

    /// <summary>Seconds in a google.rpc.RetryInfo.</summary>
    internal double? GrpcRetryDelay { get; init; }

    /// <summary>Items that a partial success does not take.</summary>
    internal long Rejected { get; init; }

    internal bool Hangs { get; init; }

    /// <summary>Whether the answer comes before the request is read.</summary>
    internal bool IsEarly { get; init; }

    /// <summary>Whether the connection is cut instead of an answer.</summary>
    internal bool Aborts { get; init; }
}
