using Beyla.Metrics;

namespace Beyla.Core.Tests.Metrics;

/// <summary>A <see cref="HistogramPoint"/> that may be kept.</summary>
internal sealed record ReadPoint(
    string?[] Values, bool IsOverflow, long Count, double Sum, double[] Bounds, long[] Buckets, DateTimeOffset Start, DateTimeOffset Last);

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
        point.LastTime));
}
