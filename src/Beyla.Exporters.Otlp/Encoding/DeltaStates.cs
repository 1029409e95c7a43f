using Beyla.Metrics;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>The last exported state of every series. A series that is not met any more is forgotten, so there are never more than in the store.</summary>
internal sealed class DeltaStates
{
    private readonly Dictionary<(long SeriesId, MetricInstrument Instrument), DeltaState> _states = [];
    private long _generation;

    internal int Count => _states.Count;

    /// <summary>Begins a collection. What the one before did not meet has expired.</summary>
    internal void Begin()
    {
        foreach (var (key, state) in _states)
        {
            if (state.Generation != _generation)
            {
                _states.Remove(key);
            }
        }

        _generation++;
    }

    /// <summary>What came to a series since the last commit.</summary>
    /// <param name="point">The series.</param>
    /// <param name="now">Time of the collection.</param>
    /// <param name="request">Index of the request that the series goes into.</param>
    internal DeltaState Of(in HistogramPoint point, DateTimeOffset now, int request)
    {
        var key = (point.SeriesId, point.Instrument);
        if (!_states.TryGetValue(key, out var state))
        {
            _states.Add(key, state = new DeltaState());
        }

        state.Generation = _generation;
        state.Request = request;
        state.Take(in point, now);
        return state;
    }

    /// <summary>A request of the collection has arrived.</summary>
    internal void Commit(int request)
    {
        foreach (var state in _states.Values)
        {
            if (state.Generation == _generation && state.Request == request)
            {
                state.Commit();
            }
        }
    }
}
