using System.Collections.Concurrent;
using System.Collections.Immutable;
using Beyla.Attributes;
using Beyla.Capture;
using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes;
using Beyla.Discovery;
using Beyla.Discovery.Proc;
using Beyla.Metrics;
using Beyla.Pipeline;
using Beyla.Protocols;
using Beyla.Protocols.Tls;
using Beyla.Telemetry;
using Microsoft.Extensions.Logging;

namespace Beyla;

/// <summary>
/// The one thread of a session that reads the ring: it decodes, follows connections, decides about processes and records.
/// Everything it owns is used by it alone; other threads send it commands.
/// </summary>
internal sealed class SessionReader : ICaptureHandler, ITelemetrySource, IDisposable
{
    private const long TickNanoseconds = 1_000_000_000;

    private static readonly TimeSpan TlsStartTime = TimeSpan.FromSeconds(10);

    private readonly BeylaOptions _options;
    private readonly ILogger _logger;
    private readonly RedStore _metrics;
    private readonly KernelCapture _capture;
    private readonly ProcessTable _processes;
    private readonly ProtocolRegistry _protocols;
    private readonly TlsProbes _probes;
    private readonly TlsSessions _tls;
    private readonly ConnectionTable _connections;
    private readonly ExchangePipeline _pipeline;
    private readonly RecordCounters _records = new();
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile bool _failed;

    public SessionReader(BeylaOptions options, RedStore metrics, IReadOnlyList<SinkQueue> sinks, ILoggerFactory loggerFactory, TimeProvider timeProvider)
    {
        _options = options;
        _metrics = metrics;
        _logger = loggerFactory.CreateLogger<InstrumentationSession>();
        _capture = new KernelCapture(options.Capture, options.Discovery, _logger);
        _processes = new ProcessTable(options.Discovery, _capture, new ProcFs(), timeProvider, Environment.ProcessId, options.Discovery.HostName ?? Environment.MachineName, ResourceSelection.Of(options.Attributes));
        _processes.Changed += OnProcessChanged;
        _pipeline = new ExchangePipeline(options, metrics, sinks, new MonotonicClock(timeProvider), OnFirstExchange);
        _probes = new TlsProbes(new ProcFs(), _logger);
        _probes.Reported += OnTlsReport;
        _tls = new TlsSessions(_probes, _capture, options.Capture.MaxConnections);
        _protocols = new ProtocolRegistry(_pipeline.ShowsQuery);
        _connections = new ConnectionTable(_protocols, _pipeline, _capture, _tls, options.Capture.MaxConnections);
        _thread = new Thread(Run) { Name = "beyla-reader", IsBackground = true };
    }

    public bool HasFailed => _failed;

    public IReadOnlyCollection<ProcessSnapshot> Processes => _processes.Snapshots();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Opening and verifying takes tens of milliseconds: not on the caller's thread.
        await Task.Run(() => _capture.Start(_processes.Selectors), cancellationToken).ConfigureAwait(false);
        // Whatever activity the caller is in has nothing to do with what the thread records.
        _thread.UnsafeStart();
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        SessionLog.Started(_logger, _capture.Description);
    }

    /// <summary>Runs something on the reader's thread, between two records.</summary>
    public async Task<T> RunAsync<T>(Func<ProcessTable, T> command, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(() =>
        {
            try
            {
                done.SetResult(command(_processes));
            }
#pragma warning disable CA1031 // it belongs to the caller, not to the reader
            catch (Exception exception)
#pragma warning restore CA1031
            {
                done.SetException(exception);
            }
        });
        _capture.Wake();
        var first = await Task.WhenAny(done.Task, _ended.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        return first == done.Task || done.Task.IsCompleted
            ? await done.Task.ConfigureAwait(false)
            : throw new InvalidOperationException("The session ended before the command could run.");
    }

    /// <summary>Detaches, reads what is left, finishes what is open.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        _capture.Wake();
        await _ended.Task.ConfigureAwait(false);
    }

    public SessionStatistics GetStatistics()
    {
        var counters = _pipeline.Counters;
        var kernel = _capture.ReadCounters();
        return new SessionStatistics
        {
            Captured = Volatile.Read(ref counters.Captured),
            Exported = Volatile.Read(ref counters.Exported),
            Filtered = Volatile.Read(ref counters.Filtered),
            Sampled = Volatile.Read(ref counters.Sampled),
            SampledSpans = Volatile.Read(ref counters.SampledSpans),
            Drops = SessionDrops.OfPipeline(counters).Occurred(),
            Losses = Losses(kernel).Occurred(),
            Unfollowed = Unfollowed(kernel).Occurred(),
            Limitations = SessionLimitations.Of(kernel, _processes.Counters),
        };
    }

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        // With those that have not happened yet: of a counter that begins with its first event nobody sees the event.
        var kernel = _capture.ReadCounters();
        Reasons(visitor, SessionInstruments.Dropped, SessionDrops.OfPipeline(_pipeline.Counters));
        Reasons(visitor, SessionInstruments.Losses, Losses(kernel));
        Reasons(visitor, SessionInstruments.Unfollowed, Unfollowed(kernel));
        _processes.Counters.Errors.Collect(visitor);
        visitor.Visit(SessionInstruments.RingRecords, Volatile.Read(ref _records.Records));
        visitor.Visit(SessionInstruments.RingRead, Volatile.Read(ref _records.Bytes));
        visitor.Visit(SessionInstruments.Connections, _connections.Count);
        _capture.Collect(visitor);
    }

    public void Dispose()
    {
        if (_thread.IsAlive)
        {
            _stopping = true;
            _capture.Wake();
            _thread.Join();
        }

        _probes.Dispose();
        _capture.Dispose();
    }

    void ICaptureHandler.OnSegment(ulong cookie, in SocketSegment segment)
    {
        if (Follows(segment.ProcessId))
        {
            _connections.OnSegment(cookie, in segment);
        }
    }

    void ICaptureHandler.OnEnd(ulong cookie, SocketEnd end, long timeNanoseconds)
    {
        _connections.OnEnd(cookie, end, timeNanoseconds);
        _tls.OnConnectionEnd(cookie, end, timeNanoseconds, _connections);
    }

    void ICaptureHandler.OnPlaintext(ulong session, in PlaintextOrigin origin, in SocketSegment segment)
    {
        if (Follows(segment.ProcessId))
        {
            _tls.OnPlaintext(session, in origin, in segment, _connections);
        }
    }

    void ICaptureHandler.OnSessionEnd(ulong session, SocketEnd end, long timeNanoseconds) =>
        _tls.OnSessionEnd(session, end, timeNanoseconds, _connections);

    void ICaptureHandler.OnCiphertext(ulong session, int processId, SocketDirection direction, ReadOnlySpan<byte> bytes, long timeNanoseconds)
    {
        if (Follows(processId))
        {
            _tls.OnCiphertext(session, processId, direction, bytes, timeNanoseconds, _connections);
        }
    }

    void ICaptureHandler.OnExec(int processId, int parentProcessId, ReadOnlySpan<byte> path)
    {
        _probes.Remove(processId);
        _processes.OnExec(processId, parentProcessId, path);
    }

    void ICaptureHandler.OnFork(int childProcessId, int parentProcessId) => _processes.OnFork(childProcessId, parentProcessId);

    void ICaptureHandler.OnExit(int processId) => _processes.OnExit(processId);

    void ICaptureHandler.OnListen(int processId, int port) => _processes.OnListen(processId, port);

    private static void Reasons(ITelemetryVisitor visitor, TelemetryInstrument instrument, ImmutableArray<SessionDrop> drops)
    {
        foreach (var drop in drops)
        {
            visitor.Visit(instrument, drop.Count, drop.Reason);
        }
    }

    private ImmutableArray<SessionDrop> Losses(ReadOnlySpan<long> kernel) =>
        SessionDrops.Losses(kernel, _capture.ReadRecursionMisses(), _records, _protocols.Counters, _tls.Counters, _connections.Evicted);

    private ImmutableArray<SessionDrop> Unfollowed(ReadOnlySpan<long> kernel) =>
        SessionDrops.Unfollowed(kernel, _pipeline.Counters, _protocols.Counters, _tls.Counters);

    // With selectors by name the kernel watches each new program until it is known whether it is selected; a short one is over by then.
    private bool Follows(int processId)
    {
        if (_processes.Follows(processId))
        {
            return true;
        }

        _pipeline.Counters.Unselected++;
        return false;
    }

    private void OnProcessChanged(ProcessSnapshot process)
    {
        switch (process.State)
        {
            case ProcessState.Attached or ProcessState.Active when process.Service is { } service:
                if (_pipeline.Add(service, process.Settings))
                {
                    SessionLog.Attached(_logger, process.ProcessId, process.ExecutablePath, service.Name, service.Language, _capture.HookNames, process.Explanation);
                }

                _probes.Add(process.ProcessId, process.ParentProcessId, process.ExecutablePath);
                break;
            case ProcessState.Skipped:
                _probes.Remove(process.ProcessId);
                _pipeline.Remove(process.ProcessId);
                SessionLog.Skipped(_logger, process.ProcessId, process.ExecutablePath, process.Explanation);
                break;
            case ProcessState.Exited:
                _probes.Remove(process.ProcessId);
                // Its sockets close after it: what they still tell belongs to it.
                _pipeline.Retire(process.ProcessId, MonotonicClock.Now);
                SessionLog.Exited(_logger, process.ProcessId, process.ExecutablePath);
                break;
            default:
                break;
        }
    }

    private bool OnFirstExchange(int processId)
    {
        _processes.SettleSelection(processId);
        // The language may be known only now that the process has loaded its runtime.
        if (_processes.FindService(processId) is { } service)
        {
            _pipeline.Update(service);
        }

        _processes.MarkActive(processId);
        return _processes.IsSelected(processId);
    }

    // On the thread of the probes; everything about processes belongs to the reader.
    private void OnTlsReport(TlsReport report)
    {
        _commands.Enqueue(() =>
        {
            var isCovered = report.Coverage == TlsCoverage.Covered;
            if (_processes.SetTls(report.ProcessId, isCovered ? TlsState.Observed : TlsState.NotObserved, report.Explanation) is not { } process)
            {
                return;
            }

            if (isCovered)
            {
                SessionLog.TlsObserved(_logger, process.ProcessId, process.ExecutablePath, report.Explanation);
            }
            else
            {
                _processes.Counters.Errors.Count(process.ExecutablePath, "tls_not_observed");
                SessionLog.TlsNotObserved(_logger, process.ProcessId, process.ExecutablePath, report.Explanation);
            }
        });
        _capture.Wake();
    }

    private void Detach()
    {
        _probes.Dispose();
        _capture.Detach();
    }

    private void Run()
    {
        try
        {
            _processes.Reconcile();
            if (_options.Capture.Tls)
            {
                // Who starts a session expects that it sees what is asked from now on.
                _probes.Start(_capture.CreateAttacher());
                _probes.Settle(TlsStartTime);
            }

            _started.SetResult();
            Loop();
            Detach();
            DrainAll();
            _tls.OnTick(long.MaxValue, _connections);
            _connections.OnTick(long.MaxValue);
        }
#pragma warning disable CA1031 // the thread's last resort: the session says that it failed instead of taking the host down
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failed = true;
            SessionLog.ReaderFailed(_logger, exception);
            _started.TrySetException(exception);
            Detach();
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void Loop()
    {
        var reconcileNanoseconds = (long)(_options.Discovery.ReconcileInterval.TotalMilliseconds * 1e6);
        var lastTick = MonotonicClock.Now;
        var lastReconcile = lastTick;
        var lastLost = 0L;
        var decoder = new RecordDecoder(this, _records);
        while (!_stopping)
        {
            while (_commands.TryDequeue(out var command))
            {
                command();
            }

            var records = _capture.Drain(ref decoder);
            var now = MonotonicClock.Now;
            if (now - lastTick >= TickNanoseconds)
            {
                lastTick = now;
                _connections.OnTick(now);
                _tls.OnTick(now, _connections);
                _pipeline.OnTick(now);
                if (records == 0)
                {
                    // Recording sweeps by itself; a store without traffic has to be asked to.
                    _metrics.Sweep();
                }
            }

            if (now - lastReconcile >= reconcileNanoseconds)
            {
                lastReconcile = now;
                // With the ring full, reports of processes were lost too: then old ones are looked at again.
                var lost = _capture.ReadCounters()[(int)KernelCounter.RingFull];
                _processes.Reconcile(full: lost != lastLost);
                lastLost = lost;
            }

            _capture.WaitForRecords(records);
        }
    }

    private void DrainAll()
    {
        var decoder = new RecordDecoder(this, _records);
        while (_capture.Drain(ref decoder) > 0)
        {
        }
    }
}
