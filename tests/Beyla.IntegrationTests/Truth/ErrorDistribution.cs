using System.Globalization;

namespace Beyla.IntegrationTests.Truth;

/// <summary>Signed distances in nanoseconds, to be read as percentiles.</summary>
internal sealed class ErrorDistribution
{
    private readonly List<long> _values = [];
    private bool _sorted = true;

    public int Count => _values.Count;

    public void Add(long value)
    {
        _values.Add(value);
        _sorted = false;
    }

    /// <summary>Nearest rank.</summary>
    /// <exception cref="InvalidOperationException">There are no values.</exception>
    public long Percentile(double percent)
    {
        if (_values.Count == 0)
        {
            throw new InvalidOperationException("There is no percentile of nothing.");
        }

        if (!_sorted)
        {
            _values.Sort();
            _sorted = true;
        }

        var rank = (int)Math.Ceiling(percent / 100 * _values.Count);
        return _values[Math.Clamp(rank - 1, 0, _values.Count - 1)];
    }

    public override string ToString() => _values.Count == 0
        ? "none"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"min {Percentile(0) / 1000.0:F1}, p50 {Percentile(50) / 1000.0:F1}, p90 {Percentile(90) / 1000.0:F1}, p99 {Percentile(99) / 1000.0:F1}, max {Percentile(100) / 1000.0:F1} µs (n={_values.Count})");
}
