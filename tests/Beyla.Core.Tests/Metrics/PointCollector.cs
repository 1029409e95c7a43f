using Beyla.Metrics;

namespace Beyla.Core.Tests.Metrics;

/// <summary>A <see cref="HistogramPoint"/> that may be kept.</summary>
internal sealed record ReadPoint(
    string?[] Values, bool IsOverflow, long Count, double Sum, double[] Bounds, long[] Buckets, DateTimeOffset Start, DateTimeOffset Last)
{
    internal required string[] Keys { get; init; }

    internal required MetricExemplar[] Exemplars { get; init; }

    /// <summary><see langword="null"/> when there are none.</summary>
    internal required ReadExponential? Exponential { get; init; }
}

/// <summary>The exponential buckets of a <see cref="HistogramPoint"/>.</summary>
internal sealed record ReadExponential(int Scale, long ZeroCount, int Offset, long[] Counts);

internal sealed class PointCollector : IHistogramVisitor
{
    internal List<ReadPoint> Points { get; } = [];

    public void Visit(in HistogramPoint point) => Points.Add(new(
        point.AttributeValues.ToArray(),
        point.IsOverflow,
        point.Count,
        point.Sum,
        point.Bounds.ToArray(),
        point.BucketCounts.ToArray(),
        point.StartTime,
        point.LastTime)
    {
        Keys = [.. point.AttributeKeys.ToArray().Select(key => key.Name)],
        Exemplars = point.Exemplars.ToArray(),
        Exponential = point.IsExponential
            ? new(point.Exponential.Scale, point.Exponential.ZeroCount, point.Exponential.Offset, point.Exponential.Counts.ToArray())
            : null,
    });
}
