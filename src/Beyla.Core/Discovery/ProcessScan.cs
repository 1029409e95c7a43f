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

    private readonly List<int> _processes = [];
    private readonly List<int> _candidates = [];
    private readonly Dictionary<int, int[]> _holders = [];
    private readonly Dictionary<ulong, int> _sockets = [];
    private readonly HashSet<ulong> _knownSockets = [];
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

    /// <param name="full">Whether to look at old processes too: they may have changed their network namespace, or been
    /// handed a socket, or a process may have come by an id that was in use at the last walk.</param>
    internal void Run(bool full)
    {
        _processes.Clear();
        _candidates.Clear();
        _holders.Clear();
        _sockets.Clear();
        _next.Clear();
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
            // A process whose namespace can't be read has descriptors that can't be read either.
            if (ports.IsEmpty || !files.TryGetNetworkNamespace(pid, out network))
            {
                network = UnknownNetwork;
            }
        }

        _next[pid] = network;
    }

    private void ReadListeners()
    {
        _readNetworks.Clear();
        _readNetworks.Add(UnknownNetwork);
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
        if (_sockets.Count == 0)
        {
            return;
        }

        var searched = hasNewSocket ? _processes : _candidates;
        var held = new SortedSet<int>();
        foreach (var pid in searched)
        {
            if (_next[pid] != UnknownNetwork && files.FindHeldPorts(pid, _sockets, held))
            {
                _holders.Add(pid, [.. held]);
                held.Clear();
            }
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
}
