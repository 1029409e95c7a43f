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
        var values = new Collected();
        _source.Collect(values);
        foreach (var (instrument, samples) in values.ByInstrument)
        {
            var isCounter = instrument.Kind == TelemetryInstrumentKind.Counter;
            var name = PrometheusNames.Metric(instrument.Name, instrument.Unit);
            var sampleName = isCounter ? name + "_total" : name;
            writer.Family(sampleName, isCounter ? PrometheusMetricType.Counter : PrometheusMetricType.Gauge, instrument.Description);
            foreach (var (value, attributes) in samples)
            {
                var labels = new PrometheusLabel[attributes.Length];
                for (var i = 0; i < labels.Length; i++)
                {
                    labels[i] = new(PrometheusNames.Label(instrument.Attributes[i]), attributes[i]);
                }

                writer.Sample(sampleName, value, labels);
            }
        }
    }

    // Several sources may have one instrument, and a family may appear only once.
    private sealed class Collected : ITelemetryVisitor
    {
        internal OrderedDictionary<TelemetryInstrument, List<(double Value, string[] Attributes)>> ByInstrument { get; } = [];

        public void Visit(TelemetryInstrument instrument, double value, params ReadOnlySpan<string> attributeValues)
        {
            if (!ByInstrument.TryGetValue(instrument, out var samples))
            {
                ByInstrument.Add(instrument, samples = []);
            }

            samples.Add((value, attributeValues.ToArray()));
        }
    }
}
