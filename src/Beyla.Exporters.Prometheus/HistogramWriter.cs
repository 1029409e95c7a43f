using Beyla.Metrics;

namespace Beyla.Exporters.Prometheus;

/// <summary>Writes the series of one instrument as they are visited; the family's head comes with the first.</summary>
internal sealed class HistogramWriter : IHistogramVisitor
{
    private readonly PrometheusTextWriter _writer;
    private readonly LabelText _labels = new();
    private readonly string _name;
    private string[] _labelNames = [];
    private byte[][]? _upperBounds;

    internal HistogramWriter(PrometheusTextWriter writer, MetricInstrument instrument)
    {
        _writer = writer;
        _name = PrometheusNames.Metric(instrument.Name, instrument.Unit);
    }

    internal byte[] ServiceLabels { get; set; } = [];

    public void Visit(in HistogramPoint point)
    {
        // All series of an instrument share their bounds and attributes.
        _upperBounds ??= Begin(point);
        _labels.Clear().Add(ServiceLabels);
        for (var i = 0; i < _labelNames.Length; i++)
        {
            _labels.Add(_labelNames[i], point.AttributeValues[i]);
        }

        if (point.IsOverflow)
        {
            _labels.Add(PrometheusNames.Label(MetricRegistry.OverflowAttribute), "true");
        }

        _writer.Histogram(_name, _labels.Written, _upperBounds, point.BucketCounts, point.Sum, point.Exemplars, point.Bounds);
    }

    private byte[][] Begin(in HistogramPoint point)
    {
        _writer.Family(_name, PrometheusMetricType.Histogram, point.Instrument.Description);
        _labelNames = new string[point.AttributeKeys.Length];
        for (var i = 0; i < _labelNames.Length; i++)
        {
            _labelNames[i] = PrometheusNames.Label(point.AttributeKeys[i].Name);
        }

        var texts = new byte[point.Bounds.Length][];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = _writer.Bound(point.Bounds[i]);
        }

        return texts;
    }
}
