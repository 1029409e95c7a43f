using Beyla.Telemetry;

namespace Beyla.Discovery;

/// <summary>How often processes could not be observed as was asked, by executable and kind of error. Any thread.</summary>
internal sealed class InstrumentationErrors : ITelemetrySource
{
    // Whoever starts processes under ever new names must not make up ever new series.
    private const int MaxPairs = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Process, string Error), long> _counts = [];

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        lock (_gate)
        {
            foreach (var ((process, error), count) in _counts)
            {
                visitor.Visit(SessionInstruments.InstrumentationErrors, count, process, error);
            }
        }
    }

    /// <param name="executable">Path of the executable; empty when it is not known.</param>
    /// <param name="error">One of the words that docs/internal-metrics.md lists.</param>
    /// <param name="times">How often.</param>
    internal void Count(ReadOnlySpan<char> executable, string error, long times = 1)
    {
        lock (_gate)
        {
            var key = (Path.GetFileName(executable).ToString(), error);
            if (_counts.Count >= MaxPairs && !_counts.ContainsKey(key))
            {
                key = ("", error);
            }

            _counts[key] = _counts.GetValueOrDefault(key) + times;
        }
    }
}
