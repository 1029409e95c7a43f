namespace Beyla.Agent.Configuration.Settings;

/// <summary>What one exporter asks of the store of metrics, which all of them share. What is <see langword="null"/> was not said.</summary>
internal sealed class StoreSettings
{
    internal TimeSpan? Ttl { get; set; }

    internal IReadOnlyList<double>? DurationBuckets { get; set; }

    internal IReadOnlyList<double>? RequestSizeBuckets { get; set; }

    internal IReadOnlyList<double>? ResponseSizeBuckets { get; set; }

    internal IReadOnlyList<string>? Features { get; set; }
}
