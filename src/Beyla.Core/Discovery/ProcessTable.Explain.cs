using Beyla.Discovery.Proc;

namespace Beyla.Discovery;

internal sealed partial class ProcessTable
{
    /// <summary>The state of any process, with the reason; a process that is not watched is evaluated now. For any thread.</summary>
    internal ProcessSnapshot Explain(int pid)
    {
        var known = _published.GetValueOrDefault(pid);
        if (known is { State: not ProcessState.Exited })
        {
            return known;
        }

        if (!_files.TryReadStat(pid, out var stat))
        {
            return known ?? Skipped(pid, ProcessReason.Gone);
        }

        Span<char> buffer = stackalloc char[ProcFs.MaxPath];
        var answer = _files.ReadExecutablePath(pid, buffer, out var length);
        var path = buffer[..length];
        var ports = ListeningPorts(pid, out var search);
        var exclusion = stat.IsKernelThread ? ProcessReason.KernelThread : Selectors.Exclusion(pid, path);
        var match = Selectors.Match(pid, path, ports);
        var (state, reason) =
            exclusion != ProcessReason.None ? (ProcessState.Skipped, exclusion)
            : match is not null && _published.Values.Count(snapshot => snapshot.State != ProcessState.Exited) >= _maxProcesses ? (ProcessState.Skipped, ProcessReason.ProcessTableFull)
            : match is not null ? (ProcessState.Matched, ProcessReason.None)
            : (answer == ProcRead.Denied && Selectors.NeedsPaths) || search == ProcRead.Denied ? (ProcessState.Skipped, ProcessReason.AccessDenied)
            : Selectors.CouldMatchByPort(pid, path) ? (ProcessState.Discovered, ProcessReason.NotListening)
            : (ProcessState.Skipped, ProcessReason.NotSelected);
        return new ProcessSnapshot
        {
            ProcessId = pid,
            ParentProcessId = stat.ParentProcessId,
            State = state,
            Reason = reason,
            Explanation = reason is ProcessReason.NotSelected or ProcessReason.NotListening
                ? Selectors.ExplainMismatch(pid, path, ports)
                : ExplanationOf(reason),
            ExecutablePath = path.ToString(),
            ListeningPorts = [.. ports],
            MatchedSelector = match?.Description,
            Since = _time.GetUtcNow(),
        };
    }

    private static string ExplanationOf(ProcessReason reason) => reason switch
    {
        ProcessReason.None => "a selector matches; it is taken up at the next comparison with /proc",
        ProcessReason.Excluded => "one of the exclusions matches",
        ProcessReason.ExcludedByDefault => "it is a telemetry agent; set discovery.default_exclude_instrument (in code Discovery.UseDefaultExclusions) to observe it",
        ProcessReason.SelfExcluded => "it runs this session; set discovery.default_exclude_instrument to [] (in code Discovery.InstrumentSelf) to observe it",
        ProcessReason.IsInit => "all processes descend from process 1, so it is never observed",
        ProcessReason.KernelThread => "it is a thread of the kernel",
        ProcessReason.Gone => "there is no such process (any more)",
        ProcessReason.AccessDenied => "its executable or its open files can't be read: the session lacks CAP_SYS_PTRACE or CAP_DAC_READ_SEARCH",
        ProcessReason.ProcessTableFull => "as many processes as discovery.max_processes (in code Discovery.MaxProcesses) allows are observed already",
        _ => reason.ToString(),
    };

    private ProcessSnapshot Skipped(int pid, ProcessReason reason) => new()
    {
        ProcessId = pid,
        State = ProcessState.Skipped,
        Reason = reason,
        Explanation = ExplanationOf(reason),
        Since = _time.GetUtcNow(),
    };

    /// <param name="pid">The process.</param>
    /// <param name="answer">Whether it could be looked into.</param>
    private int[] ListeningPorts(int pid, out ProcRead answer)
    {
        answer = ProcRead.Ok;
        var sockets = new Dictionary<ulong, int>();
        var ports = new SortedSet<int>();
        if (!Selectors.Ports.IsEmpty && _files.ReadListeners(pid, Selectors.Ports, sockets) && sockets.Count > 0)
        {
            answer = _files.FindHeldPorts(pid, sockets, ports);
        }

        return [.. ports];
    }
}
