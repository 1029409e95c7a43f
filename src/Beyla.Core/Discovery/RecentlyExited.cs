namespace Beyla.Discovery;

/// <summary>The watched processes that ended last: their records may still be on the way. Reader thread only.</summary>
internal sealed class RecentlyExited
{
    internal const int Capacity = 256;

    private readonly Dictionary<int, TrackedProcess> _byId = [];
    private readonly Queue<TrackedProcess> _order = new();

    internal TrackedProcess? Find(int pid) => _byId.GetValueOrDefault(pid);

    /// <returns>The process that had to make room and of whose id no later one is held; <see langword="null"/> when there is none.</returns>
    internal TrackedProcess? Add(TrackedProcess process)
    {
        _byId[process.ProcessId] = process;
        _order.Enqueue(process);
        if (_order.Count <= Capacity)
        {
            return null;
        }

        var oldest = _order.Dequeue();
        if (_byId[oldest.ProcessId] != oldest)
        {
            return null;
        }

        _byId.Remove(oldest.ProcessId);
        return oldest;
    }
}
