namespace Beyla.Metrics;

/// <summary>Which configured bucket bounds an instrument uses.</summary>
internal enum BucketLayout
{
    /// <summary><see cref="RedOptions.DurationBuckets"/>.</summary>
    Duration,

    /// <summary><see cref="RedOptions.RequestSizeBuckets"/>.</summary>
    RequestSize,

    /// <summary><see cref="RedOptions.ResponseSizeBuckets"/>.</summary>
    ResponseSize,
}
