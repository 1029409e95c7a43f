using Beyla.Metrics;
using Beyla.Telemetry;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>
/// Encodes RED metrics, and what a session tells about itself, as <c>ExportMetricsServiceRequest</c>s
/// (opentelemetry/proto/collector/metrics/v1) with one <c>ResourceMetrics</c> for each service. For one thread.
/// </summary>
internal sealed class MetricEncoder : IDisposable
{
    internal const int Cumulative = 2;
    internal const int Delta = 1;

    private readonly ProtobufBuffer _output = new();
    private readonly RequestWriter _requests;
    private readonly ResourceEncoder _resources;
    private readonly HistogramEncoder _histograms;
    private readonly TelemetryEncoder _telemetry;
    private readonly DeltaStates? _deltas;

    internal MetricEncoder(ResourceEncoder resources, OtlpTemporality temporality, bool exponential, int maxBytes)
    {
        _resources = resources;
        _requests = new RequestWriter(_output, maxBytes);
        _deltas = temporality == OtlpTemporality.Cumulative ? null : new DeltaStates();
        _histograms = new HistogramEncoder(_output, _requests, _deltas, exponential);
        _telemetry = new TelemetryEncoder(_output, _requests, isDelta: temporality == OtlpTemporality.Delta);
    }

    public void Dispose() => _output.Dispose();

    /// <summary>Encodes everything as of now.</summary>
    /// <param name="snapshot">RED metrics; <see langword="null"/> for none.</param>
    /// <param name="telemetry">What the session tells about itself; <see langword="null"/> for none.</param>
    /// <param name="telemetryStart">Since when its counters count.</param>
    /// <param name="now">Time of the points.</param>
    /// <returns>The requests; valid until the next call. None when there is nothing to tell.</returns>
    internal RequestWriter Encode(MetricsSnapshot? snapshot, ITelemetrySource? telemetry, DateTimeOffset telemetryStart, DateTimeOffset now)
    {
        _requests.Clear();
        _histograms.Time = now;
        _deltas?.Begin();
        foreach (var service in snapshot is null ? [] : snapshot.Services)
        {
            _requests.SetResource(_resources.Of(service.Service));
            foreach (var instrument in MetricRegistry.All)
            {
                _histograms.Write(service, instrument);
            }
        }

        if (telemetry is not null)
        {
            _requests.SetResource(_resources.OfObserver());
            _telemetry.Write(telemetry, telemetryStart, now);
        }

        _requests.Cut();
        return _requests;
    }

    /// <summary>A request has arrived: the next deltas of what it held count from there. Without it they will hold what it held, too.</summary>
    /// <param name="request">Its index.</param>
    internal void Commit(int request)
    {
        _deltas?.Commit(request);
        _telemetry.Commit(request);
    }
}
