using System.Collections.Immutable;
using Beyla.Discovery.Selection;
using Beyla.Tracing;

namespace Beyla.Discovery;

/// <summary>What the <see cref="ProcessTable"/> holds of a process. Reader thread only.</summary>
internal sealed class TrackedProcess(int pid, SelectorMatch match, ServiceInfo service)
{
    internal int ProcessId { get; } = pid;

    internal SelectorMatch Match { get; set; } = match;

    internal ServiceInfo Service { get; set; } = service;

    internal int ParentProcessId { get; set; }

    /// <summary>0 as long as it is not known: a fork is taken over without a look at it.</summary>
    internal ulong StartTicks { get; set; }

    /// <summary>Whether no later look can tell the language better.</summary>
    internal bool LanguageIsFinal { get; set; }

    internal ImmutableArray<int> Ports { get; private set; } = [];

    internal ProcessState State { get; set; }

    internal ProcessReason Reason { get; set; }

    internal DateTimeOffset Since { get; set; }

    internal DateTimeOffset? FirstSpanAt { get; set; }

    internal TlsState Tls { get; set; }

    internal string? TlsExplanation { get; set; }

    internal bool IsWatched => State is ProcessState.Attached or ProcessState.Active;

    /// <returns>Whether that was news.</returns>
    internal bool AddPorts(ReadOnlySpan<int> ports)
    {
        var all = new SortedSet<int>(Ports);
        foreach (var port in ports)
        {
            all.Add(port);
        }

        var isNews = all.Count > Ports.Length;
        Ports = [.. all];
        return isNews;
    }

    internal ProcessSnapshot ToSnapshot() => new()
    {
        ProcessId = ProcessId,
        ParentProcessId = ParentProcessId,
        State = State,
        Reason = Reason,
        Explanation = Explain(),
        Service = Service,
        ExecutablePath = Service.ExecutablePath,
        ListeningPorts = Ports,
        MatchedSelector = Match.Description,
        Tls = Tls,
        TlsExplanation = TlsExplanation,
        Settings = Match.Settings,
        Since = Since,
        FirstSpanAt = FirstSpanAt,
    };

    private string Explain() => State switch
    {
        ProcessState.Attached => $"watched since {Match.Description} matched; no span was seen yet",
        ProcessState.Active => $"watched since {Match.Description} matched; spans were seen",
        ProcessState.Exited => "was watched and has ended",
        _ when Reason == ProcessReason.Detached => "detached on request",
        _ => "the kernel's table of watched processes is full: watch fewer processes or raise discovery.max_processes (in code Discovery.MaxProcesses)",
    };
}
