using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Truth;

/// <summary>One request as somebody saw it: a span of the product, or the log of the other side.</summary>
internal sealed record Observation
{
    public required string Method { get; init; }

    public required string Path { get; init; }

    public int? Status { get; init; }

    public long? RequestBytes { get; init; }

    public long? ResponseBytes { get; init; }

    public int? SourcePort { get; init; }

    public required TimeRange Time { get; init; }

    /// <param name="span">What was observed.</param>
    /// <param name="toMonotonic">Nanoseconds since the Unix epoch to nanoseconds of CLOCK_MONOTONIC.</param>
    public static Observation Of(HttpSpan span, Func<long, long> toMonotonic)
    {
        var start = toMonotonic(span.StartUnixNanoseconds);
        return new Observation
        {
            Method = span.Method ?? "",
            Path = span.Path ?? "",
            Status = span.StatusCode,
            RequestBytes = span.RequestBodySize,
            ResponseBytes = span.ResponseBodySize,
            SourcePort = span.Source.Port,
            Time = new TimeRange(start, start + span.DurationNanoseconds),
        };
    }
}
