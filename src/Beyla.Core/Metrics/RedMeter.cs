using System.Diagnostics.Metrics;

namespace Beyla.Metrics;

/// <summary>The <see cref="Meter"/> of a store: a histogram for each instrument, fed by what is recorded from <see cref="Connect"/> until the disposal.</summary>
internal sealed class RedMeter : IDisposable
{
    private readonly RedStore _store;
    private readonly Meter _meter;
    private readonly Action<Exception> _onFailure;

    /// <param name="store">The store whose records are repeated.</param>
    /// <param name="options">Name, version and tags of the meter.</param>
    /// <param name="onFailure">Told once if a listener throws, which ends the repetition.</param>
    internal RedMeter(RedStore store, MeterOptions options, Action<Exception> onFailure)
    {
        _store = store;
        _onFailure = onFailure;
        _meter = new Meter(options);
    }

    /// <summary>Shows the histograms to listeners and begins to repeat.</summary>
    internal void Connect()
    {
        foreach (var layout in _store.Layouts)
        {
            layout.Meter = new GroupMeter(layout, Histograms(layout), Fail);
        }
    }

    public void Dispose()
    {
        Disconnect();
        _meter.Dispose();
    }

    private Histogram<double>[] Histograms(SeriesLayout layout)
    {
        var histograms = new Histogram<double>[layout.Instruments.Length];
        for (var i = 0; i < histograms.Length; i++)
        {
            var instrument = layout.Instruments[i];
            histograms[i] = _meter.CreateHistogram(
                instrument.Name,
                instrument.Unit,
                instrument.Description,
                tags: null,
                new InstrumentAdvice<double> { HistogramBucketBoundaries = layout.Bounds[i] });
        }

        return histograms;
    }

    private void Disconnect()
    {
        foreach (var layout in _store.Layouts)
        {
            layout.Meter = null;
        }
    }

    private void Fail(Exception exception)
    {
        Disconnect();
        _onFailure(exception);
    }
}
