namespace Beyla.Metrics;

/// <summary>One series of a histogram at one moment. <see cref="Count"/> is the sum of <see cref="BucketCounts"/>.</summary>
public readonly ref struct HistogramPoint
{
    /// <summary>The metric.</summary>
    public required MetricInstrument Instrument { get; init; }

    /// <summary>Number of the series, unique in this process; a series that begins anew after an expiry has another one.</summary>
    public required long SeriesId { get; init; }

    /// <summary>The attributes that were chosen for the instrument, in the order of <see cref="AttributeValues"/>.</summary>
    public required ReadOnlySpan<MetricAttributeKey> AttributeKeys { get; init; }

    /// <summary>One value for each of <see cref="AttributeKeys"/>; <see langword="null"/> where an attribute is absent.</summary>
    public required ReadOnlySpan<string?> AttributeValues { get; init; }

    /// <summary>Whether this is the series of <see cref="MetricRegistry.OverflowAttribute"/>; all other attributes are absent then.</summary>
    public required bool IsOverflow { get; init; }

    /// <summary>Recorded values; at least 1.</summary>
    public required long Count { get; init; }

    /// <summary>Sum of the recorded values, in the instrument's unit.</summary>
    public required double Sum { get; init; }

    /// <summary>Upper bounds of the buckets, inclusive, rising; the last bucket has none.</summary>
    public required ReadOnlySpan<double> Bounds { get; init; }

    /// <summary>Values in each bucket by itself, not cumulated; one longer than <see cref="Bounds"/>.</summary>
    public required ReadOnlySpan<long> BucketCounts { get; init; }

    /// <summary>The latest exemplars, at most one for each bucket, in no order; empty where none are kept.</summary>
    public ReadOnlySpan<MetricExemplar> Exemplars { get; init; }

    /// <summary>Whether <see cref="Exponential"/> holds the same values in buckets of exponential width.</summary>
    public bool IsExponential { get; init; }

    /// <summary>The values in buckets of exponential width; only when <see cref="IsExponential"/>.</summary>
    public ExponentialBuckets Exponential { get; init; }

    /// <summary>When the series began. Changes when it begins anew after an expiry, never otherwise.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When a value was recorded last, to some milliseconds.</summary>
    public required DateTimeOffset LastTime { get; init; }
}
