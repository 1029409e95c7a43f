using Beyla.Telemetry;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>Encodes what a session tells about itself, as a whole in one request.</summary>
internal sealed class TelemetryEncoder(ProtobufBuffer output, RequestWriter requests, bool isDelta)
{
    private const int Metric = 2;
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int DataPoints = 1;
    private const int PointAttributes = 7;

    private readonly AttributeEncoder _attributes = new(output) { Field = PointAttributes };
    private Dictionary<(TelemetryInstrument Instrument, string Attributes), double> _exported = [];
    private Dictionary<(TelemetryInstrument Instrument, string Attributes), double> _written = [];
    private DateTimeOffset _exportedTime;
    private DateTimeOffset _writtenTime;
    private int _request;

    internal void Write(ITelemetrySource source, DateTimeOffset start, DateTimeOffset now)
    {
        _written = [];
        _writtenTime = now;
        _request = requests.Count;
        foreach (var (instrument, values) in TelemetryValues.Of(source).ByInstrument)
        {
            requests.Open();
            var isCounter = instrument.Kind == TelemetryInstrumentKind.Counter;
            var metric = output.Begin(Metric);
            output.Text(1, instrument.Name);
            output.Text(2, instrument.Description);
            output.Text(3, instrument.Unit);
            var data = output.Begin(instrument.Kind == TelemetryInstrumentKind.Gauge ? Gauge : Sum);
            foreach (var value in values)
            {
                Write(instrument, isCounter && isDelta ? Difference(instrument, value) : value, isCounter && isDelta && _exportedTime != default ? _exportedTime : start, now);
            }

            if (instrument.Kind != TelemetryInstrumentKind.Gauge)
            {
                output.Unsigned(2, isCounter && isDelta ? MetricEncoder.Delta : (ulong)MetricEncoder.Cumulative);
                output.Unsigned(3, isCounter ? 1UL : 0);
            }

            output.End(data);
            output.End(metric);
        }
    }

    /// <summary>A request has arrived; if it held the telemetry, the next differences count from there.</summary>
    internal void Commit(int request)
    {
        if (request == _request)
        {
            (_exported, _exportedTime) = (_written, _writtenTime);
        }
    }

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private TelemetryValue Difference(TelemetryInstrument instrument, TelemetryValue value)
    {
        var key = (instrument, string.Join('\0', value.Attributes));
        _written[key] = value.Value;
        var before = _exported.GetValueOrDefault(key);
        return before <= value.Value ? value with { Value = value.Value - before } : value;
    }

    private void Write(TelemetryInstrument instrument, TelemetryValue value, DateTimeOffset start, DateTimeOffset now)
    {
        var point = output.Begin(DataPoints);
        if (instrument.Kind != TelemetryInstrumentKind.Gauge)
        {
            output.Fixed64(2, Nanoseconds(start));
        }

        output.Fixed64(3, Nanoseconds(now));
        if (instrument.IsInteger)
        {
            output.Fixed64(6, (ulong)(long)value.Value);
        }
        else
        {
            output.Double(4, value.Value);
        }

        for (var i = 0; i < value.Attributes.Length; i++)
        {
            _attributes.Visit(instrument.Attributes[i], value.Attributes[i]);
        }

        output.End(point);
        requests.CountItem();
    }
}
