namespace Beyla.Discovery;

/// <content>Whose records are taken up.</content>
internal sealed partial class ProcessTable
{
    /// <summary>Bounds what is remembered of the programs that came and went; who is forgotten is looked at once more.</summary>
    private const int MaxRejected = 4096;

    /// <summary>Processes that nobody selects, or for which there is no room, though the kernel watched them until that was known: what they did meanwhile is still in the ring.</summary>
    private readonly HashSet<int> _rejected = [];

    /// <summary>
    /// Whether what a process does is to be followed, asked for each record in the order of the records: it is selected, or was
    /// until it ended, or that can't be told yet. One of which nothing was reported, because that record was lost, is decided now.
    /// </summary>
    internal bool Follows(int pid)
    {
        if (_live.ContainsKey(pid) || _awaited.ContainsKey(pid))
        {
            return true;
        }

        if (_rejected.Contains(pid))
        {
            return false;
        }

        return _exited.Find(pid) is not null || OnExec(pid, _files.TryReadStat(pid, out var stat) ? stat.ParentProcessId : 0, default);
    }

    /// <summary>Whether the process is selected, or was until it ended or was detached.</summary>
    internal bool IsSelected(int pid) => _live.ContainsKey(pid) || (!_rejected.Contains(pid) && _exited.Find(pid) is not null);

    private void Forgo(int pid)
    {
        if (_rejected.Count >= MaxRejected)
        {
            _rejected.Clear();
        }

        _rejected.Add(pid);
    }

    private void UnwatchAndForgo(int pid)
    {
        _kernel.Unwatch(pid);
        Forgo(pid);
    }
}
