using System.Collections.Immutable;
using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Pipeline;
using Beyla.Sinks;
using Beyla.Telemetry;
using Microsoft.Extensions.Logging;

namespace Beyla;

/// <summary>The session over eBPF. Made by <see cref="CreateBuilder"/>.</summary>
public sealed class InstrumentationSession : IInstrumentationSession
{
    private readonly BeylaOptions _options;
    private readonly string _name;
    private readonly ILoggerFactory _loggerFactory;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly ImmutableArray<SinkQueue> _sinks;
    private readonly ExporterSet _exporters;
    private readonly SemaphoreSlim _transition = new(1, 1);
    private SessionReader? _reader;
    private SessionMeters? _meters;
    private volatile SessionState _state = SessionState.Created;
    private bool _disposed;

    internal InstrumentationSession(BeylaOptions options, IReadOnlyList<ISpanSink> sinks, IReadOnlyList<ISessionExporter> exporters, string name, ILoggerFactory loggerFactory, TimeProvider timeProvider)
    {
        _options = options;
        _name = name;
        _loggerFactory = loggerFactory;
        _logger = loggerFactory.CreateLogger<InstrumentationSession>();
        _timeProvider = timeProvider;
        Metrics = new RedStore(options.Metrics, timeProvider, options.Attributes);
        var names = SinkNames.Of(sinks);
        _sinks = [.. sinks.Select((sink, i) => new SinkQueue(names[i], sink, options.SinkQueueCapacity, options.SinkBatchSize, _logger))];
        _exporters = new ExporterSet(exporters, _logger);
        Telemetry = new SessionTelemetry(this, Metrics, () => _reader, sinks, exporters);
    }

    /// <inheritdoc/>
    public SessionState State => _reader is { HasFailed: true } && _state == SessionState.Running ? SessionState.Failed : _state;

    /// <inheritdoc/>
    public RedStore Metrics { get; }

    /// <inheritdoc/>
    public ITelemetrySource Telemetry { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<ProcessSnapshot> Processes => _reader?.Processes ?? [];

    /// <summary>A builder with default options and no sinks.</summary>
    public static InstrumentationSessionBuilder CreateBuilder() => new();

    /// <inheritdoc/>
    /// <exception cref="BeylaStartException">This machine or these rights do not allow it; the message says what is missing.</exception>
    /// <exception cref="Native.BpfException">The kernel refused; the message says what to do about it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _transition.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_state != SessionState.Created)
            {
                throw new InvalidOperationException($"The session is {_state}: a session is started once. Build a new one.");
            }

            _state = SessionState.Starting;
            var reader = new SessionReader(_options, Metrics, _sinks, _loggerFactory, _timeProvider);
            try
            {
                // Before the first record, so that listeners miss none.
                _meters = new SessionMeters(this, _name, _logger, _timeProvider);
                _meters.ConnectMetrics();
                await reader.StartAsync(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                _state = SessionState.Failed;
                _meters?.Dispose();
                reader.Dispose();
                throw;
            }

            _reader = reader;
            _state = SessionState.Running;
            _meters.ConnectTelemetry();
            await _exporters.StartAsync(this, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _transition.Release();
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _transition.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_state != SessionState.Running || _reader is not { } reader)
            {
                return;
            }

            _state = SessionState.Stopping;
            await reader.StopAsync().ConfigureAwait(false);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_options.ShutdownTimeout);
            await Task.WhenAll(_sinks.Select(sink => sink.CompleteAsync(limit.Token))).ConfigureAwait(false);
            await _exporters.StopAsync(limit.Token).ConfigureAwait(false);
            _state = reader.HasFailed ? SessionState.Failed : SessionState.Stopped;
            var captured = reader.GetStatistics().Captured;
            SessionLog.Stopped(_logger, captured);
        }
        finally
        {
            _transition.Release();
        }
    }

    /// <inheritdoc/>
    public Task<ProcessSnapshot> AttachAsync(int processId, CancellationToken cancellationToken) =>
        Running().RunAsync(table => table.Attach(processId), cancellationToken);

    /// <inheritdoc/>
    public Task<ProcessSnapshot> DetachAsync(int processId, CancellationToken cancellationToken) =>
        Running().RunAsync(table => table.Detach(processId), cancellationToken);

    /// <inheritdoc/>
    public Task<ProcessSnapshot> ExplainAsync(int processId, CancellationToken cancellationToken) =>
        Running().RunAsync(table => table.Explain(processId), cancellationToken);

    /// <inheritdoc/>
    public SessionStatistics GetStatistics()
    {
        var statistics = _reader?.GetStatistics() ?? new SessionStatistics();
        return statistics with
        {
            Sinks = [.. _sinks.Select(sink => sink.GetStatistics())],
            Limitations = [.. statistics.Limitations, .. _exporters.Failures, .. _meters?.Failures ?? []],
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _disposed = true;
        // First: a listener may be asking for what is about to go.
        _meters?.Dispose();
        _reader?.Dispose();
        foreach (var sink in _sinks)
        {
            await sink.DisposeAsync().ConfigureAwait(false);
        }

        await _exporters.DisposeAsync().ConfigureAwait(false);
    }

    private SessionReader Running() => _state == SessionState.Running && _reader is { } reader
        ? reader
        : throw new InvalidOperationException($"The session is {State}: processes can be attached and detached while it runs.");
}
