namespace Beyla.Metrics;

/// <summary>State of one histogram at one moment, without its buckets.</summary>
internal readonly record struct HistogramReading(long SeriesId, long Count, double Sum, long StartUtcTicks, long LastMilliseconds);
