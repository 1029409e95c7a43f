using System.Buffers;

namespace Beyla.Metrics;

/// <summary>Where a histogram is read to. What only some stores keep is rented only for those.</summary>
internal ref struct HistogramBuffers(Span<long> buckets, SeriesLayout layout)
{
    private readonly MetricExemplar[]? _exemplars = layout.KeepsExemplars ? ArrayPool<MetricExemplar>.Shared.Rent(buckets.Length) : null;
    private readonly long[]? _exponential = layout.ExponentialSize > 0 ? ArrayPool<long>.Shared.Rent(layout.ExponentialSize) : null;

    /// <summary>As long as the histogram has buckets.</summary>
    internal Span<long> Buckets { get; } = buckets;

    /// <summary>One for each bucket; empty when none are kept.</summary>
    internal readonly Span<MetricExemplar> Exemplars => _exemplars.AsSpan(0, _exemplars is null ? 0 : Buckets.Length);

    /// <summary>Empty when none are kept.</summary>
    internal readonly Span<long> Exponential => _exponential;

    internal readonly void Dispose()
    {
        if (_exemplars is not null)
        {
            ArrayPool<MetricExemplar>.Shared.Return(_exemplars);
        }

        if (_exponential is not null)
        {
            ArrayPool<long>.Shared.Return(_exponential);
        }
    }
}
