using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Beyla.Core.Tests.Metrics;

/// <summary>Listens to the meters of one scope and keeps what it hears as lines: <c>instrument{tag=value,…} measurement</c>, tags sorted.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();

    internal Measured(object scope, Func<Instrument, bool>? wanted = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope))
            {
                Published.Enqueue(instrument);
                if (wanted?.Invoke(instrument) != false)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            }
        };
        _listener.MeasurementsCompleted = (instrument, _) => Completed.Enqueue(instrument.Name);
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    internal ConcurrentQueue<Instrument> Published { get; } = new();

    internal ConcurrentQueue<string> Completed { get; } = new();

    internal ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Thrown at whoever measures.</summary>
    internal Exception? Failure { get; set; }

    public void Dispose() => _listener.Dispose();

    /// <summary>Asks observable instruments, and gives what they said.</summary>
    internal string[] Collect()
    {
        Lines.Clear();
        _listener.RecordObservableInstruments();
        return [.. Lines];
    }

    private void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        var sorted = tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}"));
        Lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{instrument.Name}{{{string.Join(',', sorted)}}} {value}"));
    }
}
