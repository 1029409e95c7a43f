namespace Beyla.Metrics;

/// <summary>The values of a histogram in buckets of exponential width (OpenTelemetry metrics data model, "ExponentialHistogram").
/// Bucket <c>i</c> holds values in (2^(i·2^-Scale), 2^((i+1)·2^-Scale)].</summary>
public readonly ref struct ExponentialBuckets
{
    /// <summary>Resolution: the base is 2^(2^-Scale).</summary>
    public required int Scale { get; init; }

    /// <summary>Values that are zero.</summary>
    public required long ZeroCount { get; init; }

    /// <summary>Index of the first bucket of <see cref="Counts"/>.</summary>
    public required int Offset { get; init; }

    /// <summary>Values in each bucket from <see cref="Offset"/> on, without a gap. Empty when all values are zero.</summary>
    public required ReadOnlySpan<long> Counts { get; init; }
}
