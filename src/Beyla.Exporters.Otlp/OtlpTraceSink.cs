using Beyla.Exporters.Otlp.Encoding;
using Beyla.Exporters.Otlp.Transport;
using Beyla.Sinks;
using Beyla.Telemetry;
using Beyla.Tracing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beyla.Exporters.Otlp;

/// <summary>
/// Sends spans to a collector by OTLP, in batches, with a resource for each observed service. What the collector can't
/// take in time waits in a bounded queue; beyond it the oldest span is dropped and counted. A dead or slow collector
/// holds up nothing else.
/// </summary>
public sealed class OtlpTraceSink : ISpanSink, ITelemetrySource, IAsyncDisposable
{
    private readonly OtlpTraceOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly OtlpSender _sender;
    private readonly SpanEncoder _encoder;
    private readonly OtlpAccount _account = new(OtlpInstruments.Traces);
    private readonly TimeSpan _shutdownTimeout;
    private readonly Lock _gate = new();
    private readonly Queue<Span> _queue = new();
    private readonly Span[] _batch;
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Task _pump;
    private TaskCompletionSource _changed = NewSignal();
    private bool _isCompleted;
    private bool _isDisposed;

    /// <summary>Makes a sink; nothing is sent before the first span.</summary>
    /// <param name="options">Read now; later changes have no effect.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="timeProvider">Clock of batches and pauses; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    /// <exception cref="InvalidDataException">A certificate file is not what it should be.</exception>
    public OtlpTraceSink(OtlpExporterOptions options, ILogger<OtlpTraceSink>? logger = null, TimeProvider? timeProvider = null)
    {
        OtlpOptionsCheck.ThrowIfInvalid(options);
        _options = options.Traces;
        _timeProvider = timeProvider ?? TimeProvider.System;
        var connection = OtlpConnection.Of(options, options.Traces, OtlpSignal.Traces);
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _sender = new OtlpSender(OtlpClient.Create(connection, _timeProvider), connection, options, _account, _logger, _timeProvider);
        _encoder = new SpanEncoder(new ResourceEncoder(HostIdentity.Find(options.HostName, options.HostId), options.ResourceAttributes.AsReadOnly()), options.MaxRequestBytes);
        _batch = new Span[_options.MaxBatchSize];
        _shutdownTimeout = connection.Timeout;
        OtlpLog.Exporting(_logger, connection.Signal.Name, connection.Protocol, connection.Target);
        // Whatever activity or scope the caller is in has nothing to do with the requests to come.
        using (ExecutionContext.SuppressFlow())
        {
            _pump = Task.Run(PumpAsync);
        }
    }

    internal OtlpAccount Account => _account;

    /// <inheritdoc/>
    public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        _account.CountReceived(batch.Length);
        lock (_gate)
        {
            if (_isCompleted)
            {
                _account.CountShutdown(batch.Length);
                return ValueTask.CompletedTask;
            }

            foreach (var span in batch.Span)
            {
                if (_queue.Count == _options.QueueSize)
                {
                    _queue.Dequeue();
                    _account.CountQueueFull(1);
                }

                _queue.Enqueue(span);
            }

            _changed.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        _account.Collect(visitor);
    }

    /// <summary>Sends what waits, each request once more at most; what the collector does not take is dropped and counted.</summary>
    /// <param name="cancellationToken">Gives up what is not sent by then.</param>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => _isDisposed ? ValueTask.CompletedTask : new(EndAsync(cancellationToken));

    /// <summary>Completes, unless the session has done so, for as long as one attempt may take.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _giveUp.CancelAfter(_shutdownTimeout);
        await EndAsync(CancellationToken.None).ConfigureAwait(false);
        _sender.Dispose();
        _encoder.Dispose();
        _hurry.Dispose();
        _giveUp.Dispose();
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isCompleted = true;
            _changed.TrySetResult();
        }

        await _hurry.CancelAsync().ConfigureAwait(false);
        using (cancellationToken.UnsafeRegister(static giveUp => ((CancellationTokenSource)giveUp!).Cancel(), _giveUp))
        {
            await _pump.ConfigureAwait(false);
        }

        _sender.TellEnd();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PumpAsync()
    {
        while (await WaitForBatchAsync().ConfigureAwait(false))
        {
            var count = TakeBatch();
            if (Encode(count) is { } requests)
            {
                for (var i = 0; i < requests.Count; i++)
                {
                    await _sender.SendAsync(requests[i], _hurry.Token, _giveUp.Token).ConfigureAwait(false);
                }
            }

            Array.Clear(_batch, 0, count);
        }
    }

    // A span may be of a type from anywhere; what it throws costs its batch and not the sink.
    private RequestWriter? Encode(int count)
    {
        try
        {
            return _encoder.Encode(_batch.AsSpan(0, count));
        }
#pragma warning disable CA1031 // see above
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _account.CountRejected(count);
            OtlpLog.NotEncoded(_logger, exception, count);
            return null;
        }
    }

    /// <returns>Whether there is a batch; not once all is sent and no more will come.</returns>
    private async Task<bool> WaitForBatchAsync()
    {
        Task? timeout = null;
        using var done = new CancellationTokenSource();
        try
        {
            while (true)
            {
                Task changed;
                lock (_gate)
                {
                    if (_queue.Count >= _options.MaxBatchSize || (_isCompleted && _queue.Count > 0))
                    {
                        return true;
                    }

                    if (_isCompleted)
                    {
                        return false;
                    }

                    if (_queue.Count > 0)
                    {
                        if (timeout is { IsCompleted: true })
                        {
                            return true;
                        }

                        timeout ??= Task.Delay(_options.BatchTimeout, _timeProvider, done.Token);
                    }

                    if (_changed.Task.IsCompleted)
                    {
                        _changed = NewSignal();
                    }

                    changed = _changed.Task;
                }

                await (timeout is null ? changed : Task.WhenAny(changed, timeout)).ConfigureAwait(false);
            }
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
        }
    }

    private int TakeBatch()
    {
        lock (_gate)
        {
            var count = Math.Min(_queue.Count, _batch.Length);
            for (var i = 0; i < count; i++)
            {
                _batch[i] = _queue.Dequeue();
            }

            return count;
        }
    }
}
