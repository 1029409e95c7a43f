using Beyla.Discovery.Proc;

namespace Beyla.Discovery;

/// <summary>
/// Walks <c>/proc</c> for processes that must be evaluated. Most walks look at new processes only; descriptors, of which
/// there may be a hundred thousand, are followed only for sockets that listen on a selected port and when a holder may be
/// new. Reader thread only.
/// </summary>
internal sealed class ProcessScan(ProcFs files, PortSet ports)
{
    private const ulong UnknownNetwork = 0;
    private const ulong HiddenNetwork = ulong.MaxValue; // rights are missing to read it, and the descriptors with it

    private readonly List<int> _processes = [];
    private readonly List<int> _candidates = [];
    private readonly Dictionary<int, int[]> _holders = [];
    private readonly Dictionary<ulong, int> _sockets = [];
    private readonly HashSet<ulong> _knownSockets = [];
    private readonly HashSet<int> _unheldPorts = [];
    private readonly HashSet<ulong> _readNetworks = [];

    // The network namespace of each process of the last walk; being in here means: not new.
    private Dictionary<int, ulong> _seen = [];
    private Dictionary<int, ulong> _next = [];

    /// <summary>All processes there are.</summary>
    internal IReadOnlyList<int> Processes => _processes;

    /// <summary>Those that are new or hold a selected port, at a full walk all.</summary>
    internal IReadOnlyList<int> Candidates => _candidates;

    /// <summary>Whether the process existed at the last walk.</summary>
    internal bool Exists(int pid) => _seen.ContainsKey(pid);

    /// <summary>The selected ports on which the process was found to listen at this walk.</summary>
    internal int[] PortsOf(int pid) => _holders.GetValueOrDefault(pid) ?? [];

    /// <summary>Processes of this walk that can't be looked into for lack of rights, so that they may hold any of <see cref="UnheldPorts"/>.</summary>
    internal int Hidden { get; private set; }

    /// <summary>The selected ports on which somebody listens and of which no holder was found.</summary>
    internal IReadOnlySet<int> UnheldPorts => _unheldPorts;

    /// <param name="full">Whether to look at old processes too: they may have changed their network namespace, or been
    /// handed a socket, or a process may have come by an id that was in use at the last walk.</param>
    internal void Run(bool full)
    {
        _processes.Clear();
        _candidates.Clear();
        _holders.Clear();
        _sockets.Clear();
        _next.Clear();
        Hidden = 0;
        files.ListProcesses(_processes);
        foreach (var pid in _processes)
        {
            Visit(pid, full);
        }

        // What an old process begins to listen on the kernel reports; only a new one may have inherited its socket. The
        // tables are dear on a quiet machine: the kernel searches its whole hash for the connection that ends them.
        if (!ports.IsEmpty && _candidates.Count > 0)
        {
            ReadListeners();
            FindHolders();
        }

        (_seen, _next) = (_next, _seen);
    }

    private void Visit(int pid, bool full)
    {
        if (!_seen.TryGetValue(pid, out var network) || full)
        {
            _candidates.Add(pid);
            network = ports.IsEmpty ? UnknownNetwork
                : files.ReadNetworkNamespace(pid, out var number) == ProcRead.Denied ? HiddenNetwork
                : number;
        }

        _next[pid] = network;
    }

    private void ReadListeners()
    {
        _readNetworks.Clear();
        _readNetworks.Add(UnknownNetwork);
        _readNetworks.Add(HiddenNetwork);
        foreach (var (pid, network) in _next)
        {
            if (!_readNetworks.Contains(network) && files.ReadListeners(pid, ports, _sockets))
            {
                _readNetworks.Add(network);
            }
        }
    }

    private void FindHolders()
    {
        var hasNewSocket = false;
        foreach (var socket in _sockets.Keys)
        {
            hasNewSocket |= !_knownSockets.Contains(socket);
        }

        _knownSockets.Clear();
        _knownSockets.UnionWith(_sockets.Keys);
        if (hasNewSocket)
        {
            _unheldPorts.UnionWith(_sockets.Values);
        }

        _unheldPorts.IntersectWith(_sockets.Values);
        if (_sockets.Count == 0)
        {
            return;
        }

        var held = new SortedSet<int>();
        foreach (var pid in hasNewSocket ? _processes : _candidates)
        {
            Search(pid, held);
        }

        var isCandidate = _candidates.ToHashSet();
        foreach (var pid in _holders.Keys)
        {
            if (isCandidate.Add(pid))
            {
                _candidates.Add(pid);
            }
        }
    }

    private void Search(int pid, SortedSet<int> held)
    {
        var isHidden = _next[pid] switch
        {
            UnknownNetwork => false,
            HiddenNetwork => true,
            _ => files.FindHeldPorts(pid, _sockets, held) == ProcRead.Denied,
        };
        Hidden += isHidden ? 1 : 0;
        if (held.Count > 0)
        {
            _unheldPorts.ExceptWith(held);
            _holders.Add(pid, [.. held]);
            held.Clear();
        }
    }
}
