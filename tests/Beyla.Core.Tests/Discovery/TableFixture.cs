using Beyla.Discovery;
using Microsoft.Extensions.Time.Testing;

namespace Beyla.Core.Tests.Discovery;

/// <summary>A process table over a fake <c>/proc</c> and a fake kernel.</summary>
internal sealed class TableFixture : IDisposable
{
    internal const int Own = 4242;

    internal TableFixture(params ProcessSelector[] selectors)
        : this(null, selectors)
    {
    }

    internal TableFixture(Action<DiscoveryOptions>? configure, params ProcessSelector[] selectors)
    {
        var options = new DiscoveryOptions();
        foreach (var selector in selectors)
        {
            options.Selectors.Add(selector);
        }

        configure?.Invoke(options);
        Table = new ProcessTable(options, Kernel, Proc.Files, Time, Own, "host");
        Table.Changed += Changes.Add;
        Proc.Add(1, "/sbin/init", parent: 0);
        Proc.Add(Own, "/opt/agent", parent: 1);
    }

    internal FakeProc Proc { get; } = new();

    internal FakeKernel Kernel { get; } = new();

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    internal ProcessTable Table { get; }

    internal List<ProcessSnapshot> Changes { get; } = [];

    internal IEnumerable<(int, ProcessState)> Transitions => Changes.Select(change => (change.ProcessId, change.State));

    internal int[] Watched => [.. Kernel.WatchedProcesses.Order()];

    /// <summary>An exec as the kernel reports it: watched provisionally.</summary>
    internal bool Exec(int pid, int parent = 1, string path = "")
    {
        Kernel.Add(pid);
        return Table.OnExec(pid, parent, System.Text.Encoding.UTF8.GetBytes(path));
    }

    /// <summary>A fork as the kernel reports it: watched already.</summary>
    internal bool Fork(int child, int parent)
    {
        Kernel.Add(child);
        return Table.OnFork(child, parent);
    }

    /// <summary>A listen as the kernel reports it: watched already.</summary>
    internal bool Listen(int pid, int port)
    {
        Kernel.Add(pid);
        return Table.OnListen(pid, port);
    }

    /// <summary>An exit as the kernel reports it: not watched any more.</summary>
    internal void Exit(int pid, bool existed = true)
    {
        Kernel.Remove(pid);
        if (existed)
        {
            Proc.Remove(pid);
        }

        Table.OnExit(pid);
    }

    internal ProcessSnapshot Snapshot(int pid) => Assert.Single(Table.Snapshots(), snapshot => snapshot.ProcessId == pid);

    public void Dispose() => Proc.Dispose();
}
