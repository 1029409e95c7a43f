using System.Collections.Concurrent;
using Beyla.Discovery.Proc;
using Microsoft.Extensions.Logging;

namespace Beyla.Capture.Uprobes;

/// <summary>
/// Keeps the TLS libraries of watched processes probed: each file once, for as long as a watched process uses it. Reading
/// binaries and attaching take milliseconds, so a thread of its own does it; the reader asks and goes on.
/// </summary>
internal sealed partial class TlsProbes : ITlsSource, IDisposable
{
    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, TlsProcess> _processes = new();
    private readonly BlockingCollection<Action> _jobs = [];
    private readonly ILogger _logger;
    private readonly TlsCodeFinder _finder;
    private readonly Thread _thread;
    private UprobeAttacher? _attacher;
    private bool _isDisposed;

    /// <param name="files">Where processes are read.</param>
    /// <param name="logger">Hears of what is attached.</param>
    internal TlsProbes(ProcFs files, ILogger logger)
    {
        _logger = logger;
        _finder = new TlsCodeFinder(files);
        _thread = new Thread(Run) { Name = "beyla-tls", IsBackground = true };
    }

    /// <summary>Raised on the thread of the probes when it became known whether the TLS of a process is seen.</summary>
    internal event Action<TlsReport>? Reported;

    /// <summary>Begins to attach; what was asked for before is done now. Without it nothing is covered.</summary>
    internal void Start(UprobeAttacher attacher)
    {
        _attacher = attacher;
        _thread.UnsafeStart();
    }

    /// <summary>A process is watched, maybe for long; it is examined unless it was.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="parentId">Its parent; 0 when not known.</param>
    /// <param name="executable">Path of its executable.</param>
    internal void Add(int processId, int parentId, string executable)
    {
        if (_processes.TryGetValue(processId, out var known) && known.Executable == executable)
        {
            return;
        }

        // A forked child has its parent's mappings.
        var isFork = known is null
            && _processes.TryGetValue(parentId, out var parent) && parent.Executable == executable && parent.Coverage == TlsCoverage.Covered;
        var process = new TlsProcess(processId, executable) { Coverage = isFork ? TlsCoverage.Covered : TlsCoverage.Pending };
        Remove(processId);
        _processes[processId] = process;
        Enqueue(() =>
        {
            if (!isFork || !Inherit(process, parentId))
            {
                Look(process, look: 0);
            }
        });
    }

    /// <summary>A process is not watched any more, or runs another program.</summary>
    internal void Remove(int processId)
    {
        if (_processes.TryRemove(processId, out var process))
        {
            Enqueue(() => Release(process));
        }
    }

    /// <inheritdoc/>
    public TlsCoverage CoverageOf(int processId, long nowNanoseconds)
    {
        if (_attacher is null)
        {
            return TlsCoverage.None;
        }

        if (!_processes.TryGetValue(processId, out var process))
        {
            return TlsCoverage.Pending;
        }

        if (process.Coverage != TlsCoverage.Covered && process.Ask(nowNanoseconds) is var look and > 0)
        {
            Enqueue(() => Look(process, look));
        }

        return process.Coverage;
    }

    /// <inheritdoc/>
    public void WantCiphertext(int processId, long nowNanoseconds)
    {
        if (_attacher is null || !_processes.TryGetValue(processId, out var process))
        {
            return;
        }

        var isNews = process.CiphertextUntil < nowNanoseconds;
        process.CiphertextUntil = nowNanoseconds + CiphertextNanoseconds;
        if (isNews)
        {
            Enqueue(() => AttachCiphertext(process));
        }
    }

    /// <summary>Waits until everything that was asked for so far is done.</summary>
    /// <returns>Whether it was done in time.</returns>
    internal bool Settle(TimeSpan timeout)
    {
        if (_attacher is null)
        {
            return true;
        }

        using var done = new ManualResetEventSlim();
        return Enqueue(done.Set) && done.Wait(timeout);
    }

    /// <summary>Takes all probes out.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _jobs.CompleteAdding();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        DetachAll();
        _jobs.Dispose();
    }

    private bool Enqueue(Action job)
    {
        try
        {
            _jobs.Add(job);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The session is stopping.
            return false;
        }
    }

    private void Run()
    {
        while (!_jobs.IsCompleted)
        {
            if (_jobs.TryTake(out var job, HousekeepingInterval) && !_jobs.IsAddingCompleted)
            {
                try
                {
                    job();
                }
#pragma warning disable CA1031 // one process that can't be examined must not end the examination of all others
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    CaptureLog.TlsExaminationFailed(_logger, exception);
                }
            }

            KeepHouse(MonotonicClock.Now);
        }
    }
}
