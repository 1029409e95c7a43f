using Beyla.Discovery.Proc;

namespace Beyla.Discovery;

internal sealed partial class ProcessTable
{
    /// <summary>
    /// Processes that would be selected but for their language, which can't be told before they have loaded their runtime;
    /// the value counts the comparisons with <c>/proc</c> that they have been through. The kernel watches them meanwhile.
    /// </summary>
    private readonly Dictionary<int, int> _awaited = [];

    /// <summary>
    /// A process does something on the network: if its language was awaited, it is known now, and whether the process is
    /// selected. Cheap otherwise.
    /// </summary>
    internal void SettleSelection(int pid)
    {
        if (_awaited.Remove(pid) && !TryAdoptAwaited(pid))
        {
            UnwatchAndForgo(pid);
        }
    }

    /// <returns>Whether the process has to be waited for.</returns>
    private bool TryAwaitLanguage(int pid, ReadOnlySpan<char> path)
    {
        if (!Selectors.AwaitsLanguage(pid, path) || (_awaited.Count >= _maxProcesses && !_awaited.ContainsKey(pid)))
        {
            return false;
        }

        _awaited.TryAdd(pid, 0);
        return true;
    }

    // A runtime is loaded within moments. What has none after a whole period between two comparisons never will.
    private void SettleAwaited()
    {
        foreach (var (pid, comparisons) in _awaited.ToArray())
        {
            if (!_scan.Exists(pid) && comparisons > 0)
            {
                _awaited.Remove(pid);
            }
            else if (!TryAdoptAwaited(pid))
            {
                if (comparisons > 0)
                {
                    _awaited.Remove(pid);
                    UnwatchAndForgo(pid);
                }
                else
                {
                    _awaited[pid] = comparisons + 1;
                }
            }
        }
    }

    private bool TryAdoptAwaited(int pid)
    {
        Span<char> buffer = stackalloc char[ProcFs.MaxPath];
        var path = ReadPath(pid, buffer);
        return Selectors.Match(pid, path, []) is { } match && Adopt(pid, 0, path, match, []);
    }
}
