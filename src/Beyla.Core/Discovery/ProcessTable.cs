using System.Collections.Concurrent;
using Beyla.Attributes;
using Beyla.Discovery.Proc;
using Beyla.Discovery.Selection;
using Beyla.Discovery.Services;
using Beyla.Tracing;

namespace Beyla.Discovery;

/// <summary>
/// Knows every process that is watched, and decides which are. Driven by the thread that reads the kernel's records, in
/// their order; what is said to be for any thread may be called from any. Watched processes are held here, others are not:
/// <see cref="Explain"/> looks at them when it is asked to.
/// </summary>
internal sealed partial class ProcessTable
{
    private readonly Dictionary<int, TrackedProcess> _live = [];
    private readonly RecentlyExited _exited = new();
    private readonly ConcurrentDictionary<int, ProcessSnapshot> _published = new();
    private readonly IKernelWatch _kernel;
    private readonly ProcFs _files;
    private readonly ProcessScan _scan;
    private readonly LanguageDetector _languages;
    private readonly ServiceResolver _services;
    private readonly TimeProvider _time;
    private readonly int _maxProcesses;

    /// <exception cref="ArgumentException">A selector does not pass its validation.</exception>
    internal ProcessTable(DiscoveryOptions options, IKernelWatch kernel, ProcFs files, TimeProvider time, int ownProcessId, string hostName, ResourceSelection? resources = null)
    {
        Selectors = new SelectorSet(options, ownProcessId, new ProcessDetails(files));
        _kernel = kernel;
        _files = files;
        _time = time;
        _maxProcesses = options.MaxProcesses;
        _scan = new ProcessScan(files, Selectors.Ports);
        _languages = new LanguageDetector(files);
        _services = new ServiceResolver(files, hostName, resources);
    }

    /// <summary>Raised on the reader thread when a process comes into a state, and when it runs another program.</summary>
    internal event Action<ProcessSnapshot>? Changed;

    /// <summary>What is selected; for any thread.</summary>
    internal SelectorSet Selectors { get; }

    /// <summary>For any thread.</summary>
    internal DiscoveryCounters Counters { get; } = new();

    /// <summary>The watched processes, those that can't or may not be watched though they are selected, and the last ones that ended. For any thread.</summary>
    internal IReadOnlyList<ProcessSnapshot> Snapshots() => [.. _published.Values];

    /// <summary>
    /// The service that a record of the process belongs to, for a while also when the process has ended;
    /// <see langword="null"/> when the process is not watched. May read files of the process once.
    /// </summary>
    internal ServiceInfo? FindService(int pid)
    {
        if (!_live.TryGetValue(pid, out var process))
        {
            return _exited.Find(pid)?.Service;
        }

        if (!process.IsWatched)
        {
            return null;
        }

        // Who does socket I/O has loaded its runtime: now the language can be told if ever.
        SettleLanguage(process);
        return process.Service;
    }

    /// <summary>Notes that a span of the process was seen. Cheap after the first time.</summary>
    internal void MarkActive(int pid)
    {
        if (_live.TryGetValue(pid, out var process))
        {
            if (process.State == ProcessState.Attached)
            {
                process.FirstSpanAt ??= _time.GetUtcNow();
                SetState(process, ProcessState.Active);
            }
        }
        else if (_exited.Find(pid) is { FirstSpanAt: null } exited)
        {
            exited.FirstSpanAt = _time.GetUtcNow();
            Publish(exited);
        }
    }

    /// <summary>Notes whether the TLS of a process is seen.</summary>
    /// <returns>The process with it; <see langword="null"/> when it is not held any more.</returns>
    internal ProcessSnapshot? SetTls(int pid, TlsState state, string explanation)
    {
        if (!_live.TryGetValue(pid, out var process))
        {
            return null;
        }

        process.Tls = state;
        process.TlsExplanation = explanation;
        return Publish(process);
    }

    private bool Adopt(int pid, int parent, ReadOnlySpan<char> path, SelectorMatch match, ReadOnlySpan<int> ports)
    {
        _awaited.Remove(pid);
        if (_live.Count >= _maxProcesses)
        {
            Counters.CountProcessTableFull(path);
            UnwatchAndForgo(pid);
            return false;
        }

        // Watch first, ask later: what is read below takes longer than a process may need for its first request.
        var isWatched = _kernel.Watch(pid);
        var executable = path.ToString();
        var language = _languages.Detect(pid, executable);
        var stat = _files.TryReadStat(pid, out var read) ? read : default;
        var process = new TrackedProcess(pid, match, _services.Resolve(pid, executable, language, match))
        {
            ParentProcessId = stat.ParentProcessId == 0 ? parent : stat.ParentProcessId,
            StartTicks = stat.StartTicks,
            LanguageIsFinal = LanguageDetector.IsFinal(language),
        };
        process.AddPorts(ports);
        _live.Add(pid, process);
        SetWatched(process, isWatched);
        return isWatched;
    }

    private void SetWatched(TrackedProcess process, bool isWatched)
    {
        if (isWatched)
        {
            Counters.CountAttached();
            SetState(process, ProcessState.Attached);
        }
        else
        {
            Counters.CountWatchTableFull(process.Service.ExecutablePath);
            SetState(process, ProcessState.Skipped, ProcessReason.WatchTableFull);
        }
    }

    private void SetState(TrackedProcess process, ProcessState state, ProcessReason reason = ProcessReason.None)
    {
        process.State = state;
        process.Reason = reason;
        process.Since = _time.GetUtcNow();
        Announce(process);
    }

    private void Announce(TrackedProcess process)
    {
        var snapshot = Publish(process);
        Changed?.Invoke(snapshot);
    }

    private ProcessSnapshot Publish(TrackedProcess process) => _published[process.ProcessId] = process.ToSnapshot();

    private void End(TrackedProcess process)
    {
        var wasWatched = process.IsWatched;
        _live.Remove(process.ProcessId);
        _rejected.Remove(process.ProcessId);
        if (!wasWatched)
        {
            _published.TryRemove(process.ProcessId, out _);
            return;
        }

        // It may have ended just before it was watched, so that the kernel had nothing to remove.
        _kernel.Unwatch(process.ProcessId);
        Counters.CountExited();
        if (_exited.Add(process) is { } forgotten && !_live.ContainsKey(forgotten.ProcessId))
        {
            _published.TryRemove(forgotten.ProcessId, out _);
        }

        SetState(process, ProcessState.Exited);
    }

    private void SettleLanguage(TrackedProcess process)
    {
        if (process.LanguageIsFinal)
        {
            return;
        }

        process.LanguageIsFinal = true;
        var language = _languages.Detect(process.ProcessId, process.Service.ExecutablePath);
        if (language != process.Service.Language)
        {
            process.Service = process.Service with { Language = language };
            Publish(process);
        }
    }

    // The process of that id if it is still the one that is held; ids are used again, and an exit may have gone unreported.
    private TrackedProcess? FindLive(int pid)
    {
        if (!_live.TryGetValue(pid, out var process))
        {
            return null;
        }

        if (_files.TryReadStat(pid, out var stat))
        {
            if (process.StartTicks != 0 && process.StartTicks != stat.StartTicks)
            {
                End(process);
                return null;
            }

            process.StartTicks = stat.StartTicks;
        }

        return process;
    }

    private SelectorMatch? MatchOfParent(int parent) =>
        _live.TryGetValue(parent, out var process) && process.IsWatched ? process.Match : null;

    private ReadOnlySpan<char> ReadPath(int pid, Span<char> buffer)
    {
        var answer = _files.ReadExecutablePath(pid, buffer, out var length);
        if (answer == ProcRead.Denied)
        {
            Counters.CountUnreadable();
        }

        return buffer[..length];
    }
}
