using Beyla.Metrics;

namespace Beyla.IntegrationTests.Capture;

/// <summary>How many requests a store has recorded.</summary>
internal sealed class RequestCount : IHistogramVisitor
{
    private long _count;

    public static long Of(RedStore metrics)
    {
        var visitor = new RequestCount();
        foreach (var service in metrics.Snapshot().Services)
        {
            service.Visit(MetricRegistry.HttpServerRequestDuration, visitor);
        }

        return visitor._count;
    }

    public void Visit(in HistogramPoint point) => _count += point.Count;
}
