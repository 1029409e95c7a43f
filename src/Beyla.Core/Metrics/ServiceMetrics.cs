using Beyla.Tracing;

namespace Beyla.Metrics;

/// <summary>A service in a <see cref="MetricsSnapshot"/>.</summary>
public sealed class ServiceMetrics
{
    private readonly RedService _service;
    private readonly long _now;
    private readonly DateTimeOffset _utcNow;

    internal ServiceMetrics(RedService service, bool isAlive, long now, DateTimeOffset utcNow)
    {
        _service = service;
        _now = now;
        _utcNow = utcNow;
        Service = service.Info;
        IsAlive = isAlive;
    }

    /// <summary>The service.</summary>
    public ServiceInfo Service { get; }

    /// <summary>Whether a process of the service was registered and not retired when the snapshot was taken.</summary>
    public bool IsAlive { get; }

    /// <summary>When the service was registered.</summary>
    public DateTimeOffset StartTime => _service.StartTime;

    /// <summary>
    /// Hands every series of <paramref name="instrument"/> to <paramref name="visitor"/>, one by one: those that hold a value
    /// and are not expired, in the order of their creation. Each is consistent in itself.
    /// </summary>
    public void Visit(MetricInstrument instrument, IHistogramVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        ArgumentNullException.ThrowIfNull(visitor);
        Span<long> cells = stackalloc long[RedOptions.MaxBuckets + 1];
        foreach (var table in _service.Tables)
        {
            var layout = table.Layout;
            var index = layout.Instruments.IndexOf(instrument);
            if (index < 0)
            {
                continue;
            }

            using var buffers = new HistogramBuffers(cells[..(layout.Bounds[index].Length + 1)], layout);
            foreach (var series in table.Series)
            {
                if (series.TryRead(index, _now, buffers, out var reading))
                {
                    visitor.Visit(Point(layout, index, series, buffers, reading));
                }
            }
        }
    }

    private HistogramPoint Point(SeriesLayout layout, int index, HistogramSeries series, HistogramBuffers buffers, in HistogramReading reading) => new()
    {
        Instrument = layout.Instruments[index],
        SeriesId = reading.SeriesId,
        AttributeKeys = layout.Attributes.AsSpan(),
        AttributeValues = series.Attributes,
        IsOverflow = series.IsOverflow,
        Count = reading.Count,
        Sum = reading.Sum,
        Bounds = layout.Bounds[index],
        BucketCounts = buffers.Buckets,
        Exemplars = buffers.Exemplars[..reading.Exemplars],
        IsExponential = layout.ExponentialSize > 0,
        Exponential = new()
        {
            Scale = reading.Exponential.Scale,
            ZeroCount = reading.Exponential.ZeroCount,
            Offset = reading.Exponential.Offset,
            Counts = buffers.Exponential[..reading.Exponential.Size],
        },
        StartTime = new(reading.StartUtcTicks, TimeSpan.Zero),
        LastTime = _utcNow.AddMilliseconds(reading.LastMilliseconds - _now),
    };
}
