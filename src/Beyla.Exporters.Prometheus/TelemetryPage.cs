using Beyla.Telemetry;

namespace Beyla.Exporters.Prometheus;

/// <summary>What a session, its exporters and its sinks tell about themselves; see docs/internal-metrics.md.</summary>
public sealed class TelemetryPage : IMetricsPage
{
    private readonly ITelemetrySource _source;

    /// <summary>Makes a page of <paramref name="source"/>, such as <see cref="IInstrumentationSession.Telemetry"/>.</summary>
    public TelemetryPage(ITelemetrySource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
    }

    /// <inheritdoc/>
    public void Write(PrometheusTextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var (instrument, samples) in TelemetryValues.Of(_source).ByInstrument)
        {
            var name = PrometheusNames.Metric(instrument);
            var isCounter = instrument.Kind == TelemetryInstrumentKind.Counter;
            writer.Family(name, isCounter ? PrometheusMetricType.Counter : PrometheusMetricType.Gauge, instrument.Description);
            foreach (var (value, attributes) in samples)
            {
                var labels = new PrometheusLabel[attributes.Length];
                for (var i = 0; i < labels.Length; i++)
                {
                    labels[i] = new(PrometheusNames.Label(instrument.Attributes[i]), attributes[i]);
                }

                writer.Sample(name, value, labels);
            }
        }
    }
}
