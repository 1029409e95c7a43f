using Beyla.Exporters.Otlp.Encoding;
using Beyla.Exporters.Otlp.Transport;
using Beyla.Telemetry;
using Beyla.Tracing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beyla.Exporters.Otlp;

/// <summary>
/// Sends the RED metrics of a session to a collector by OTLP, with a resource for each observed service, at a fixed
/// interval and once more at the end. Nothing piles up while the collector is away: the next request has the sums as they
/// are then.
/// </summary>
public sealed class OtlpMetricsExporter : ISessionExporter, ITelemetrySource
{
    private readonly OtlpMetricOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly OtlpSender _sender;
    private readonly MetricEncoder _encoder;
    private readonly OtlpAccount _account = new(OtlpInstruments.Metrics);
    private readonly TimeSpan _shutdownTimeout;
    private readonly CancellationTokenSource _stop = new();
    private IInstrumentationSession? _session;
    private DateTimeOffset _start;
    private Task _loop = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Makes an exporter; it sends from the start of the session on.</summary>
    /// <param name="options">Read now; later changes have no effect.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="timeProvider">Clock of intervals and pauses; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    /// <exception cref="InvalidDataException">A certificate file is not what it should be.</exception>
    public OtlpMetricsExporter(OtlpExporterOptions options, ILogger<OtlpMetricsExporter>? logger = null, TimeProvider? timeProvider = null)
    {
        OtlpOptionsCheck.ThrowIfInvalid(options);
        _options = options.Metrics;
        _timeProvider = timeProvider ?? TimeProvider.System;
        var connection = OtlpConnection.Of(options, options.Metrics, OtlpSignal.Metrics);
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _sender = new OtlpSender(OtlpClient.Create(connection, _timeProvider), connection, options, _account, _logger, _timeProvider);
        _encoder = new MetricEncoder(
            new ResourceEncoder(HostIdentity.Find(options.HostName, options.HostId), options.ResourceAttributes.AsReadOnly()),
            _options.Temporality,
            _options.ExponentialHistograms,
            options.MaxRequestBytes);
        _shutdownTimeout = connection.Timeout;
        OtlpLog.Exporting(_logger, connection.Signal.Name, connection.Protocol, connection.Target);
    }

    internal OtlpAccount Account => _account;

    /// <inheritdoc/>
    public ValueTask StartAsync(IInstrumentationSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        _session = session;
        _start = _timeProvider.GetUtcNow();
        // Whatever activity or scope the caller is in has nothing to do with the requests to come.
        using (ExecutionContext.SuppressFlow())
        {
            _loop = Task.Run(ExportRegularlyAsync, CancellationToken.None);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Exports for the last time, in one attempt.</summary>
    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_shutdownTimeout);
        // Once it has arrived, it makes good for every export before it.
        if (!await ExportAsync(limit.Token).ConfigureAwait(false))
        {
            _sender.TellEnd();
        }
    }

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        _account.Collect(visitor);
    }

    /// <summary>Ends without a last export; <see cref="StopAsync"/> makes one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _sender.Dispose();
        _encoder.Dispose();
        _stop.Dispose();
    }

    /// <summary>Exports the values of this moment.</summary>
    /// <returns>Whether the collector has taken all of them.</returns>
    internal async Task<bool> ExportAsync(CancellationToken giveUp)
    {
        if (Encode() is not { } requests)
        {
            return false;
        }

        for (var i = 0; i < requests.Count; i++)
        {
            _account.CountReceived(requests[i].Items);
        }

        var isWhole = true;
        for (var i = 0; i < requests.Count; i++)
        {
            if (await _sender.SendAsync(requests[i], _stop.Token, giveUp).ConfigureAwait(false))
            {
                _encoder.Commit(i);
            }
            else
            {
                isWhole = false;
            }
        }

        return isWhole;
    }

    // Sinks and exporters from anywhere tell about themselves; what they throw costs this export and not the next.
    private RequestWriter? Encode()
    {
        try
        {
            var session = _session!;
            return _encoder.Encode(
                _options.Enabled ? session.Metrics.Snapshot() : null,
                _options.ExportTelemetry ? session.Telemetry : null,
                _start,
                _timeProvider.GetUtcNow());
        }
#pragma warning disable CA1031 // see above
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OtlpLog.NotCollected(_logger, exception);
            return null;
        }
    }

    private async Task ExportRegularlyAsync()
    {
        using var timer = new PeriodicTimer(_options.Interval, _timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await ExportAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The ordinary end.
        }
    }
}
