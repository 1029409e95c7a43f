using System.Text;
using Beyla.Discovery.Proc;
using Beyla.Discovery.Selection;
using Beyla.Discovery.Services;

namespace Beyla.Discovery;

internal sealed partial class ProcessTable
{
    /// <summary>A process runs another program; the kernel watches it provisionally, or already if its parent was.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="parent">Its parent.</param>
    /// <param name="execPath">The path given to execve(2), UTF-8: names the executable when the process has ended already.</param>
    /// <returns>Whether it stays watched. If not, it was unwatched.</returns>
    /// <remarks>Ports are not looked at: to do so at each exec of a machine would be dear. A process that inherited its
    /// listening socket is found by the next <see cref="Reconcile"/>.</remarks>
    internal bool OnExec(int pid, int parent, ReadOnlySpan<byte> execPath)
    {
        Span<char> buffer = stackalloc char[ProcFs.MaxPath];
        var path = ReadPath(pid, buffer);
        if (path.IsEmpty && execPath is [(byte)'/', ..] && execPath.Length <= buffer.Length)
        {
            path = buffer[..Encoding.UTF8.GetChars(execPath, buffer)];
        }

        if (FindLive(pid) is { } process)
        {
            return Reexec(process, path);
        }

        var match = Selectors.Match(pid, path, []) ?? MatchOfParent(parent);
        if (Selectors.Exclusion(pid, path) == ProcessReason.None)
        {
            if (match is not null)
            {
                return Adopt(pid, parent, path, match, []);
            }

            if (TryAwaitLanguage(pid, path))
            {
                return true;
            }
        }

        _kernel.Reject(pid);
        Forgo(pid);
        return false;
    }

    /// <summary>A watched process has forked; the kernel watches the child already, if it had room.</summary>
    /// <returns>Whether the child stays watched. If not, it was unwatched.</returns>
    internal bool OnFork(int child, int parent)
    {
        if (FindLive(child) is { } known)
        {
            return KeepWatched(known);
        }

        if (!_live.TryGetValue(parent, out var process) || !process.IsWatched)
        {
            // The parent was rejected or detached, and forked before it was unwatched.
            return OnExec(child, parent, default);
        }

        if (_live.Count >= _maxProcesses)
        {
            Counters.CountProcessTableFull(process.Service.ExecutablePath);
            UnwatchAndForgo(child);
            return false;
        }

        // A server may fork for every connection: nothing is read of the child. Whether the kernel had room for it, only
        // asking again tells.
        var isWatched = _kernel.Watch(child);
        var fork = new TrackedProcess(child, process.Match, _services.Fork(process.Service, child))
        {
            ParentProcessId = parent,
            LanguageIsFinal = process.LanguageIsFinal,
        };
        _live.Add(child, fork);
        SetWatched(fork, isWatched);
        return isWatched;
    }

    /// <summary>A watched process has ended; the kernel does not watch it any more.</summary>
    internal void OnExit(int pid)
    {
        _awaited.Remove(pid);
        _rejected.Remove(pid);
        if (_live.TryGetValue(pid, out var process))
        {
            End(process);
        }
    }

    /// <summary>A process has begun to listen on a selected port; the kernel watches it already, if it had room.</summary>
    /// <returns>Whether it stays watched. If not, it was unwatched.</returns>
    internal bool OnListen(int pid, int port)
    {
        if (FindLive(pid) is { } process)
        {
            // What is attached now is reported with its ports.
            var isNews = process.AddPorts([port]);
            if (!KeepWatched(process))
            {
                return false;
            }

            SettleLanguage(process);
            if (isNews)
            {
                Publish(process);
            }

            return true;
        }

        if (!TryAdopt(pid, [port]))
        {
            UnwatchAndForgo(pid);
            return false;
        }

        return true;
    }

    /// <summary>Watches a process on request, whether or not a selector matches it and in spite of exclusions — but never process 1, a thread of the kernel, nor the own process unless that is allowed.</summary>
    /// <returns>Its state now.</returns>
    internal ProcessSnapshot Attach(int pid)
    {
        var refusal = Selectors.Prohibition(pid);
        if (refusal == ProcessReason.None)
        {
            refusal = !_files.TryReadStat(pid, out var stat) ? ProcessReason.Gone
                : stat.IsKernelThread ? ProcessReason.KernelThread
                : ProcessReason.None;
        }

        if (refusal != ProcessReason.None)
        {
            return Skipped(pid, refusal);
        }

        if (FindLive(pid) is { } process)
        {
            if (!process.IsWatched)
            {
                SetWatched(process, _kernel.Watch(pid));
            }

            return _published[pid];
        }

        Span<char> buffer = stackalloc char[ProcFs.MaxPath];
        var path = ReadPath(pid, buffer);
        Adopt(pid, 0, path, Selectors.Match(pid, path, []) ?? SelectorMatch.ByRequest, []);
        return _published.TryGetValue(pid, out var snapshot) && snapshot.State != ProcessState.Exited
            ? snapshot
            : Skipped(pid, ProcessReason.ProcessTableFull);
    }

    /// <summary>Ends the watching of a process on request; it is not taken up again before <see cref="Attach"/> asks for it.</summary>
    /// <returns>Its state now.</returns>
    internal ProcessSnapshot Detach(int pid)
    {
        if (FindLive(pid) is not { } process)
        {
            return Explain(pid);
        }

        _kernel.Unwatch(pid);
        SetState(process, ProcessState.Skipped, ProcessReason.Detached);
        return _published[pid];
    }

    // A child of a watched process stays watched after its exec, unless it is excluded.
    private bool Reexec(TrackedProcess process, ReadOnlySpan<char> path)
    {
        var pid = process.ProcessId;
        if (!KeepWatched(process))
        {
            return false;
        }

        if (process.Match != SelectorMatch.ByRequest && Selectors.Exclusion(pid, path) is var reason and not ProcessReason.None)
        {
            UnwatchAndForgo(pid);
            _live.Remove(pid);
            _published.TryRemove(pid, out _);
            Changed?.Invoke(Skipped(pid, reason));
            return false;
        }

        var executable = path.IsEmpty ? process.Service.ExecutablePath : path.ToString();
        var language = _languages.Detect(pid, executable);
        process.Match = Selectors.Match(pid, path, process.Ports.AsSpan()) ?? process.Match;
        process.Service = _services.Resolve(pid, executable, language, process.Match);
        process.LanguageIsFinal = LanguageDetector.IsFinal(language);
        Announce(process);
        return true;
    }

    // The kernel reported the process as watched: that holds, unless a user has decided otherwise.
    private bool KeepWatched(TrackedProcess process)
    {
        if (process.Reason == ProcessReason.Detached)
        {
            _kernel.Unwatch(process.ProcessId);
            return false;
        }

        if (!process.IsWatched && _kernel.Watch(process.ProcessId))
        {
            SetWatched(process, true);
        }

        return process.IsWatched;
    }

    /// <returns>Whether what the kernel watches of it stays watched.</returns>
    private bool TryAdopt(int pid, ReadOnlySpan<int> ports)
    {
        Span<char> buffer = stackalloc char[ProcFs.MaxPath];
        var path = Selectors.NeedsPaths ? ReadPath(pid, buffer) : default;
        if (Selectors.Match(pid, path, ports) is not { } match)
        {
            return TryAwaitLanguage(pid, path);
        }

        path = Selectors.NeedsPaths ? path : ReadPath(pid, buffer);
        return Selectors.Exclusion(pid, path) == ProcessReason.None
            && (!path.IsEmpty || (_files.TryReadStat(pid, out var stat) && !stat.IsKernelThread))
            && Adopt(pid, 0, path, match, ports);
    }
}
