using Beyla.Discovery;

namespace Beyla.Core.Tests.Discovery;

/// <summary>The kernel's table as a set with a bound.</summary>
internal sealed class FakeKernel : IKernelWatch
{
    private readonly HashSet<int> _watched = [];

    internal int Capacity { get; set; } = int.MaxValue;

    public IEnumerable<int> WatchedProcesses => _watched;

    internal bool IsWatched(int pid) => _watched.Contains(pid);

    /// <summary>What the programs do themselves: at exec, fork and listen.</summary>
    internal void Add(int pid) => _watched.Add(pid);

    internal void Remove(int pid) => _watched.Remove(pid);

    public bool Watch(int pid) => _watched.Contains(pid) || (_watched.Count < Capacity && _watched.Add(pid));

    public void Unwatch(int pid) => _watched.Remove(pid);
}
