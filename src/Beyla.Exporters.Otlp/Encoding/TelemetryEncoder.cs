using Beyla.Telemetry;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>Encodes what a session tells about itself.</summary>
internal static class TelemetryEncoder
{
    private const int Metric = 2;
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int DataPoints = 1;
    private const int PointAttributes = 7;

    /// <returns>Points written.</returns>
    internal static int Write(ProtobufBuffer output, ITelemetrySource source, DateTimeOffset start, DateTimeOffset now)
    {
        var attributes = new AttributeEncoder(output) { Field = PointAttributes };
        var points = 0;
        foreach (var (instrument, samples) in TelemetryValues.Of(source).ByInstrument)
        {
            var metric = output.Begin(Metric);
            output.Text(1, instrument.Name);
            output.Text(2, instrument.Description);
            output.Text(3, instrument.Unit);
            var isGauge = instrument.Kind == TelemetryInstrumentKind.Gauge;
            var data = output.Begin(isGauge ? Gauge : Sum);
            foreach (var (value, values) in samples)
            {
                var point = output.Begin(DataPoints);
                if (!isGauge)
                {
                    output.Fixed64(2, Nanoseconds(start));
                }

                output.Fixed64(3, Nanoseconds(now));
                if (instrument.IsInteger)
                {
                    output.Fixed64(6, (ulong)(long)value);
                }
                else
                {
                    output.Double(4, value);
                }

                for (var i = 0; i < values.Length; i++)
                {
                    attributes.Visit(instrument.Attributes[i], values[i]);
                }

                output.End(point);
                points++;
            }

            if (!isGauge)
            {
                output.Unsigned(2, MetricEncoder.Cumulative);
                output.Unsigned(3, instrument.Kind == TelemetryInstrumentKind.Counter ? 1UL : 0);
            }

            output.End(data);
            output.End(metric);
        }

        return points;
    }

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
