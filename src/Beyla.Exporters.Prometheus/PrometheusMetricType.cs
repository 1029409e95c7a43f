namespace Beyla.Exporters.Prometheus;

/// <summary>Types of metric families in the exposition format.</summary>
public enum PrometheusMetricType
{
    /// <summary>A sum that only rises; its name ends in <c>_total</c>.</summary>
    Counter,

    /// <summary>A value that rises and falls.</summary>
    Gauge,

    /// <summary>Cumulated buckets, sum and count.</summary>
    Histogram,

    /// <summary>Facts in labels, with the value 1; its name ends in <c>_info</c>. A gauge in the older format.</summary>
    Info,
}
