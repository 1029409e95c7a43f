namespace Beyla.Metrics;

/// <summary>Which configured bucket bounds an instrument uses.</summary>
internal enum BucketLayout
{
    /// <summary><see cref="RedOptions.DurationBuckets"/>.</summary>
    Duration,

    /// <summary><see cref="RedOptions.SizeBuckets"/>.</summary>
    Size,
}
