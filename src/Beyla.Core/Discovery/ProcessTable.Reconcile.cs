using Beyla.Discovery.Proc;
using Beyla.Discovery.Selection;

namespace Beyla.Discovery;

internal sealed partial class ProcessTable
{
    /// <summary>Every so many times old processes are looked at too, see <see cref="ProcessScan.Run"/>.</summary>
    private const int FullScanEvery = 12;

    private int _untilFullScan;

    /// <summary>
    /// Compares the table with <c>/proc</c>: takes up processes that the kernel did not report — at the first call all that
    /// run already — and lets go of those that are gone. Costs next to nothing when no process is new; else a readlink for
    /// each new one (when names are selected) and the listening sockets of each network namespace (when ports are).
    /// </summary>
    /// <param name="full">Whether to look at all processes and not just at new ones: to be asked for when records were lost.</param>
    internal void Reconcile(bool full = false)
    {
        full |= _untilFullScan == 0;
        _untilFullScan = (full ? FullScanEvery : _untilFullScan) - 1;
        _scan.Run(full);
        if (_scan.Processes.Count == 0)
        {
            // At least the own process exists: the folder could not be read, for instance for lack of descriptors.
            return;
        }

        EndVanished(full);
        SettleAwaited();
        foreach (var pid in _scan.Candidates)
        {
            Consider(pid);
        }

        CountHidden();
        AdoptChildren();
        RetryRefused();
        UnwatchStrays();
    }

    private void Consider(int pid)
    {
        var ports = _scan.PortsOf(pid);
        if (!_live.TryGetValue(pid, out var process))
        {
            TryAdopt(pid, ports);
        }
        else if (process.AddPorts(ports))
        {
            Publish(process);
        }
    }

    // Of a listener that began meanwhile the kernel has told, so that nobody need be found for its port.
    private void CountHidden()
    {
        if (_scan.Hidden > 0 && _scan.UnheldPorts.Any(port => !_live.Values.Any(process => process.Ports.Contains(port))))
        {
            Counters.CountHidden(_scan.Hidden);
        }
    }

    private void EndVanished(bool full)
    {
        foreach (var pid in _live.Keys.ToArray())
        {
            if (!_scan.Exists(pid))
            {
                End(_live[pid]);
            }
            else if (full)
            {
                // Only stat tells that another process has come by the id; for thousands that is dear.
                FindLive(pid);
            }
        }
    }

    // Children of matched processes that ran before the kernel could report their forks. A pass may make parents of the next.
    private void AdoptChildren()
    {
        var parents = new Dictionary<int, int>();
        foreach (var pid in _live.Count == 0 ? [] : _scan.Candidates)
        {
            if (!_live.ContainsKey(pid) && _files.TryReadStat(pid, out var stat))
            {
                parents.Add(pid, stat.ParentProcessId);
            }
        }

        bool again;
        do
        {
            again = false;
            foreach (var (pid, parent) in parents)
            {
                if (MatchOfParent(parent) is { } match)
                {
                    parents.Remove(pid);
                    again |= TryAdoptChild(pid, parent, match);
                }
            }
        }
        while (again);
    }

    private bool TryAdoptChild(int pid, int parent, SelectorMatch match)
    {
        Span<char> buffer = stackalloc char[ProcFs.MaxPath];
        var path = ReadPath(pid, buffer);
        return Selectors.Exclusion(pid, path) == ProcessReason.None && Adopt(pid, parent, path, match, []);
    }

    private void RetryRefused()
    {
        foreach (var process in _live.Values)
        {
            if (process.Reason == ProcessReason.WatchTableFull && _kernel.Watch(process.ProcessId))
            {
                SetWatched(process, true);
            }
        }
    }

    // What the kernel watches and this table does not: its record was lost, or is still on the way. Of a process that
    // started after the walk it is certainly on the way.
    private void UnwatchStrays()
    {
        foreach (var pid in _kernel.WatchedProcesses.ToArray())
        {
            var isStray = _live.TryGetValue(pid, out var process) ? !process.IsWatched
                : _awaited.ContainsKey(pid) ? false
                : _scan.Exists(pid) ? !TryAdopt(pid, ListeningPorts(pid, out _))
                : !_files.TryReadStat(pid, out _);
            if (isStray)
            {
                UnwatchAndForgo(pid);
            }
        }
    }
}
