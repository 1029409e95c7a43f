using Beyla.Metrics;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>The last exported state of every series. A series that is not met any more is forgotten, so there are never more than in the store.</summary>
internal sealed class DeltaStates
{
    private readonly Dictionary<(long SeriesId, MetricInstrument Instrument), DeltaState> _states = [];
    private long _generation;

    internal int Count => _states.Count;

    /// <summary>Begins a collection.</summary>
    internal void Begin() => _generation++;

    /// <summary>What came to a series since the last commit.</summary>
    internal DeltaState Of(in HistogramPoint point, DateTimeOffset now)
    {
        var key = (point.SeriesId, point.Instrument);
        if (!_states.TryGetValue(key, out var state))
        {
            _states.Add(key, state = new DeltaState());
        }

        state.Generation = _generation;
        state.Take(in point, now);
        return state;
    }

    /// <summary>The collection has arrived.</summary>
    internal void Commit()
    {
        foreach (var (key, state) in _states)
        {
            if (state.Generation == _generation)
            {
                state.Commit();
            }
            else
            {
                _states.Remove(key);
            }
        }
    }
}
