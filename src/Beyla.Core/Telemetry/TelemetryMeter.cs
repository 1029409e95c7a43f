using System.Diagnostics.Metrics;

namespace Beyla.Telemetry;

/// <summary>
/// Shows an <see cref="ITelemetrySource"/> as observable instruments of a <see cref="Meter"/>. Listeners ask for one
/// instrument after the other; the source is asked once for such a round. Instruments that the source tells of for the
/// first time appear with that round.
/// </summary>
internal sealed class TelemetryMeter : IDisposable
{
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(1);

    private readonly ITelemetrySource _source;
    private readonly TimeProvider _timeProvider;
    private readonly Meter _meter;
    private readonly Lock _gate = new();
    private readonly HashSet<TelemetryInstrument> _known = [];
    private readonly HashSet<TelemetryInstrument> _served = [];
    private Dictionary<TelemetryInstrument, IReadOnlyList<TelemetryValue>> _round = [];
    private long _roundBegan;
    private bool _isDisposed;

    /// <param name="source">What is shown.</param>
    /// <param name="options">Name, version and tags of the meter.</param>
    /// <param name="timeProvider">Clock.</param>
    internal TelemetryMeter(ITelemetrySource source, MeterOptions options, TimeProvider timeProvider)
    {
        _source = source;
        _timeProvider = timeProvider;
        _meter = new Meter(options);
    }

    /// <summary>Shows listeners the instruments that the source tells of now, and <paramref name="others"/>.</summary>
    internal void Connect(IEnumerable<TelemetryInstrument> others)
    {
        Publish([.. TelemetryValues.Of(_source).ByInstrument.Select(told => told.Key), .. others]);
    }

    /// <summary>Ends the meter; when it returns, the source is not asked any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _meter.Dispose();
    }

    private IReadOnlyList<TelemetryValue> Observe(TelemetryInstrument instrument)
    {
        TelemetryInstrument[] met = [];
        IReadOnlyList<TelemetryValue> values;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return [];
            }

            // Who asks a second time begins a new round. The age tells apart listeners with nothing in common.
            if (_served.Count == 0 || !_served.Add(instrument) || _timeProvider.GetElapsedTime(_roundBegan) > LongestRound)
            {
                Ask();
                _served.Add(instrument);
                met = [.. _round.Keys];
            }

            values = _round.GetValueOrDefault(instrument, []);
        }

        // Listeners run their own code on publication: not under the lock.
        Publish(met);
        return values;
    }

    private void Ask()
    {
        _served.Clear();
        _roundBegan = _timeProvider.GetTimestamp();
        _round = TelemetryValues.Of(_source).ByInstrument.ToDictionary();
    }

    private void Publish(ReadOnlySpan<TelemetryInstrument> instruments)
    {
        foreach (var instrument in instruments)
        {
            bool isNew;
            lock (_gate)
            {
                isNew = _known.Add(instrument);
            }

            if (isNew && instrument.IsInteger)
            {
                Create(instrument, static value => (long)value);
            }
            else if (isNew)
            {
                Create(instrument, static value => value);
            }
        }
    }

    private void Create<T>(TelemetryInstrument instrument, Func<double, T> convert)
        where T : struct
    {
        _ = instrument.Kind switch
        {
            TelemetryInstrumentKind.Counter => (Instrument)_meter.CreateObservableCounter(instrument.Name, Values, instrument.Unit, instrument.Description),
            TelemetryInstrumentKind.UpDownCounter => _meter.CreateObservableUpDownCounter(instrument.Name, Values, instrument.Unit, instrument.Description),
            _ => _meter.CreateObservableGauge(instrument.Name, Values, instrument.Unit, instrument.Description),
        };

        IEnumerable<Measurement<T>> Values()
        {
            foreach (var (value, attributes) in Observe(instrument))
            {
                var tags = new KeyValuePair<string, object?>[attributes.Length];
                for (var i = 0; i < tags.Length; i++)
                {
                    tags[i] = new(instrument.Attributes[i], attributes[i]);
                }

                yield return new Measurement<T>(convert(value), tags);
            }
        }
    }
}
