namespace Beyla.Exporters.Prometheus;

/// <summary>Something that a <see cref="PrometheusHttpServer"/> serves.</summary>
public interface IMetricsPage
{
    /// <summary>Writes the metrics as they are now. Several scrapes may call it at the same time.</summary>
    void Write(PrometheusTextWriter writer);
}
