namespace Beyla.Metrics;

/// <summary>State of one histogram at one moment, without its buckets.</summary>
/// <param name="SeriesId">Number of the series.</param>
/// <param name="Count">Recorded values.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="StartUtcTicks">When the series began.</param>
/// <param name="LastMilliseconds">When a value was recorded last, in the store's time.</param>
/// <param name="Exemplars">Exemplars that were copied.</param>
/// <param name="Exponential">Of the exponential histogram, if there is one.</param>
internal readonly record struct HistogramReading(
    long SeriesId, long Count, double Sum, long StartUtcTicks, long LastMilliseconds, int Exemplars, ExponentialReading Exponential);
