namespace Beyla.Telemetry;

/// <summary>
/// What an <see cref="ITelemetrySource"/> told, by instrument: several sources may have one instrument, and in every
/// export a metric may appear only once. Counts that several parts tell with equal attributes, as two exporters to two
/// collectors do, are added up.
/// </summary>
public sealed class TelemetryValues : ITelemetryVisitor
{
    private readonly OrderedDictionary<TelemetryInstrument, List<TelemetryValue>> _values = [];

    /// <summary>Asks a source now.</summary>
    public static TelemetryValues Of(ITelemetrySource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var values = new TelemetryValues();
        source.Collect(values);
        return values;
    }

    /// <summary>The instruments in the order in which they were met, each with its values.</summary>
    public IEnumerable<KeyValuePair<TelemetryInstrument, IReadOnlyList<TelemetryValue>>> ByInstrument
    {
        get
        {
            foreach (var (instrument, values) in _values)
            {
                yield return new(instrument, values);
            }
        }
    }

    /// <inheritdoc/>
    public void Visit(TelemetryInstrument instrument, double value, params ReadOnlySpan<string> attributeValues)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (!_values.TryGetValue(instrument, out var values))
        {
            _values.Add(instrument, values = []);
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Attributes.AsSpan().SequenceEqual(attributeValues))
            {
                values[i] = values[i] with { Value = instrument.Kind == TelemetryInstrumentKind.Gauge ? value : values[i].Value + value };
                return;
            }
        }

        values.Add(new(value, [.. attributeValues]));
    }
}
