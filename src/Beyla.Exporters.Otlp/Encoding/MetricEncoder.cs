using Beyla.Metrics;
using Beyla.Telemetry;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>
/// Encodes RED metrics, and what a session tells about itself, as an <c>ExportMetricsServiceRequest</c>
/// (opentelemetry/proto/collector/metrics/v1), one <c>ResourceMetrics</c> for each service. For one thread.
/// </summary>
internal sealed class MetricEncoder : IDisposable
{
    internal const int Cumulative = 2;
    internal const int Delta = 1;

    private const int ResourceMetrics = 1;
    private const int Resource = 1;
    private const int ScopeMetrics = 2;
    private const int Scope = 1;

    private readonly ProtobufBuffer _output = new();
    private readonly ResourceEncoder _resources;
    private readonly HistogramEncoder _histograms;
    private readonly DeltaStates? _deltas;

    internal MetricEncoder(ResourceEncoder resources, OtlpTemporality temporality, bool exponential)
    {
        _resources = resources;
        _deltas = temporality == OtlpTemporality.Delta ? new DeltaStates() : null;
        _histograms = new HistogramEncoder(_output, _deltas, exponential);
    }

    /// <summary>Data points in the last request.</summary>
    internal int Points { get; private set; }

    public void Dispose() => _output.Dispose();

    /// <summary>The request; valid until the next call. Empty when there is nothing to tell.</summary>
    /// <param name="snapshot">RED metrics; <see langword="null"/> for none.</param>
    /// <param name="telemetry">What the session tells about itself; <see langword="null"/> for none.</param>
    /// <param name="telemetryStart">Since when its counters count.</param>
    /// <param name="now">Time of the points.</param>
    internal ReadOnlyMemory<byte> Encode(MetricsSnapshot? snapshot, ITelemetrySource? telemetry, DateTimeOffset telemetryStart, DateTimeOffset now)
    {
        _output.Clear();
        Points = 0;
        _histograms.Time = now;
        _deltas?.Begin();
        foreach (var service in snapshot is null ? [] : snapshot.Services)
        {
            Write(_resources.Of(service.Service), () =>
            {
                var points = 0;
                foreach (var instrument in MetricRegistry.All)
                {
                    points += _histograms.Write(service, instrument);
                }

                return points;
            });
        }

        if (telemetry is not null)
        {
            Write(_resources.OfObserver(), () => TelemetryEncoder.Write(_output, telemetry, telemetryStart, now));
        }

        return Points == 0 ? default : _output.Written;
    }

    /// <summary>The last request has arrived: the next deltas count from there. Without it they will hold what it held, too.</summary>
    internal void Commit() => _deltas?.Commit();

    private void Write(byte[] resource, Func<int> writeMetrics)
    {
        var start = _output.Length;
        var resourceMetrics = _output.Begin(ResourceMetrics);
        _output.Bytes(Resource, resource);
        var scopeMetrics = _output.Begin(ScopeMetrics);
        ScopeEncoder.Write(_output, Scope);
        var points = writeMetrics();
        if (points == 0)
        {
            _output.Truncate(start);
            return;
        }

        _output.End(scopeMetrics);
        _output.End(resourceMetrics);
        Points += points;
    }
}
