namespace Beyla.Metrics;

/// <summary>Receives the series of a metric.</summary>
public interface IHistogramVisitor
{
    /// <summary>Takes one series. The point's spans are valid inside the call only.</summary>
    void Visit(in HistogramPoint point);
}
