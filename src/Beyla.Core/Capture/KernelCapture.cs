using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes;
using Beyla.Discovery;
using Beyla.Discovery.Selection;
using Beyla.Native;
using Microsoft.Extensions.Logging;

namespace Beyla.Capture;

/// <summary>
/// The kernel side of a session: the loaded object, its links, its maps and its ring. Everything is owned by file
/// descriptors of this process; nothing is pinned.
/// </summary>
internal sealed partial class KernelCapture(CaptureOptions options, DiscoveryOptions discovery, ILogger logger) : IKernelWatch, IConnectionVerdicts, IDisposable
{
    private const int MostRecordsADrain = 65536;
    private const int HeadGrowth = 4;
    private const int ConnectionsPerEntry = 4; // of the tables below, which are allocated at once: most connections are idle, and few of them need an entry
    private const int LeastMapEntries = 1024;
    private const string HookPrefix = "tp_btf/"; // the other programs are attached to libraries, as processes use them
    private const int MapFull = 7; // E2BIG, what a full hash map answers

    private static readonly string[] MapsOfConnections = ["control", "tls_sessions", "tls_calls"];
    private static readonly string[] SocketHooks = ["sock_send_length", "sock_recv_length", "inet_sock_set_state"];
    private static readonly string[] Hooks = [.. SocketHooks, "sched_process_fork", "sched_process_exec", "sched_process_exit"];

    private readonly List<BpfLink> _links = [];
    private readonly Lock _lifetime = new();
    private readonly long[] _lastCounters = new long[(int)KernelCounter.Max];
    private BpfObject? _object;
    private UprobeMode _mode;
    private BpfHashMap<uint, Watch>? _watched;
    private BpfHashMap<ulong, Control>? _control;
    private BpfPerCpuArray<long>? _counters;
    private MappedArray? _readerAsleep;
    private RingBufferReader? _ring;
    private long _lastMisses;
    private int _emptyDrains;
    private long _pendingBytes;
    private bool _disposed;

    /// <summary>One line that says by which hooks this kernel is observed.</summary>
    public string Description { get; private set; } = "";

    /// <summary>The hooks that see a process's HTTP, for its log line.</summary>
    public string HookNames { get; } = string.Join(", ", SocketHooks.Select(hook => $"tp_btf/{hook}"));

    /// <inheritdoc/>
    public IEnumerable<int> WatchedProcesses => _watched!.Keys.Select(tgid => (int)tgid);

    /// <summary>Opens, verifies, loads and attaches.</summary>
    /// <param name="selectors">What the kernel can decide of it by itself.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="BeylaStartException">A right or a feature of the kernel is missing.</exception>
    public void Start(SelectorSet selectors)
    {
        KernelSupport.Require();
        if (KernelSupport.HiddenBy(BpfFeatures.EffectiveCapabilities) is { } hidden)
        {
            CaptureLog.RightsMissing(logger, hidden);
        }

        _mode = options.UprobeMode ?? UprobePrograms.BestMode;
        _object = Load(selectors, _mode);
        if (options.Tls && !UprobePrograms.AreWhole(_object, _mode))
        {
            _object.Dispose();
            _mode = UprobeMode.Multi;
            _object = Load(selectors, _mode);
        }

        _watched = new BpfHashMap<uint, Watch>(_object.GetMap("watched"));
        _control = new BpfHashMap<ulong, Control>(_object.GetMap("control"));
        _counters = new BpfPerCpuArray<long>(_object.GetMap("counters"));
        _readerAsleep = new MappedArray(_object.GetMap("reader_asleep"));
        _ring = new RingBufferReader(_object.GetMap("records"), _readerAsleep);
        WriteListenPorts(_object.GetMap("listen_ports"), selectors.Ports);
        BpfProgram[] hooks = [.. _object.Programs.Where(static program => program.Section.StartsWith(HookPrefix, StringComparison.Ordinal))];
        foreach (var program in hooks)
        {
            _links.Add(program.Attach());
        }

        EnableStatistics();
        Description = $"{string.Join(", ", hooks.Select(static program => program.Section))}; kernel {BpfFeatures.KernelRelease}, libbpf {BpfRuntime.LibraryVersion}";
    }

    /// <summary>Attaches the probes of TLS libraries; once for a session.</summary>
    public UprobeAttacher CreateAttacher() => new(_object!, _mode);

    /// <summary>Takes what is in the ring. Reader thread.</summary>
    public int Drain(ref RecordDecoder decoder)
    {
        _pendingBytes = _ring!.PendingBytes;
        if (_pendingBytes > _peakBytes)
        {
            Volatile.Write(ref _peakBytes, _pendingBytes);
        }

        return _ring.Drain(ref decoder, MostRecordsADrain);
    }

    /// <summary>
    /// Waits for the next look at the ring: a short pause under traffic, so that the probes need not wake anyone; asleep
    /// until the probe wakes us when two looks in a row found nothing. Reader thread.
    /// </summary>
    public void WaitForRecords(int drained)
    {
        _emptyDrains = drained > 0 ? 0 : _emptyDrains + 1;
        if (_pendingBytes > _ring!.Capacity / 4)
        {
            // A ring that fills by a quarter in a pause may overflow in the next: no pause.
            return;
        }

        if (_emptyDrains < 2)
        {
            _ring.Pause(options.PollInterval);
        }
        else
        {
            _ring.Wait(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Ends a wait of the reader. Any thread.</summary>
    public void Wake()
    {
        lock (_lifetime)
        {
            if (!_disposed)
            {
                _ring?.Wake();
            }
        }
    }

    /// <summary>Sums of the kernel's counters; the last known ones after disposal. Any thread.</summary>
    public ReadOnlySpan<long> ReadCounters()
    {
        lock (_lifetime)
        {
            if (!_disposed && _counters is not null)
            {
                for (var i = 0; i < _lastCounters.Length; i++)
                {
                    _lastCounters[i] = _counters.Sum(i);
                }
            }

            return _lastCounters.ToArray();
        }
    }

    /// <summary>
    /// Runs that the kernel skipped because the program was interrupted on that CPU. No counter inside a program can see
    /// them; the last known number after disposal. Any thread.
    /// </summary>
    public long ReadRecursionMisses()
    {
        lock (_lifetime)
        {
            if (!_disposed && _counters is not null)
            {
                _lastMisses = Loaded(_object!).Sum(static program => program.GetInfo().RecursionMisses);
            }

            return _lastMisses;
        }
    }

    /// <inheritdoc/>
    public bool Watch(int pid)
    {
        try
        {
            // An entry that the kernel inherited to a child keeps the copy budget that its parent was found to need.
            var isKnown = _watched!.TryGet((uint)pid, out var watch);
            if (!isKnown || watch.Provisional != 0)
            {
                watch.HeadBytes = isKnown ? watch.HeadBytes : (uint)options.ResponseHeadBytes;
                watch.Provisional = 0;
                _watched.Set((uint)pid, watch);
            }

            return true;
        }
        catch (BpfException exception) when (exception.Errno == MapFull)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Unwatch(int pid) => _watched!.Remove((uint)pid);

    /// <inheritdoc/>
    public void Reject(int pid)
    {
        if (_watched!.TryGet((uint)pid, out var watch) && watch.Provisional != 0)
        {
            _watched.Remove((uint)pid);
        }
    }

    /// <inheritdoc/>
    public void Ignore(ulong cookie) => _control!.Set(cookie, new Control { Flags = ControlFlags.Ignore });

    /// <inheritdoc/>
    public void Silence(ulong cookie) => _control!.Set(cookie, new Control { Flags = ControlFlags.Silent });

    /// <inheritdoc/>
    public void Listen(ulong cookie) => _control!.Remove(cookie);

    /// <inheritdoc/>
    /// <remarks>An earlier promise for the other direction is forgotten: two long bodies at once on one connection do not occur in practice, and it costs records only.</remarks>
    public void Quiet(ulong cookie, SocketDirection direction, uint position) => _control!.Set(cookie, direction == SocketDirection.Sent
        ? new Control { Flags = ControlFlags.QuietSent, QuietSent = position }
        : new Control { Flags = ControlFlags.QuietReceived, QuietReceived = position });

    /// <inheritdoc/>
    public void EnlargeHeads(int processId)
    {
        if (_watched!.TryGet((uint)processId, out var watch) && watch.HeadBytes < options.MaxResponseHeadBytes)
        {
            watch.HeadBytes = (uint)Math.Min(watch.HeadBytes * HeadGrowth, options.MaxResponseHeadBytes);
            _watched.Set((uint)processId, watch);
            CaptureLog.HeadsEnlarged(logger, processId, (int)watch.HeadBytes);
        }
    }

    /// <summary>Takes the hooks out; what is in the ring can still be read.</summary>
    public void Detach()
    {
        foreach (var link in _links)
        {
            link.Dispose();
        }

        _links.Clear();
    }

    public void Dispose()
    {
        ReadCounters();
        ReadRecursionMisses();
        lock (_lifetime)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            Detach();
            _statistics?.Dispose();
            _ring?.Dispose();
            _readerAsleep?.Dispose();
            _object?.Dispose();
        }
    }

    private static IEnumerable<BpfProgram> Loaded(BpfObject programs) => programs.Programs.Where(static program => program.AutoLoad);

    private BpfObject Load(SelectorSet selectors, UprobeMode mode)
    {
        var programs = BpfObject.Open(BpfObjects.Read(), "beyla", (level, text) => CaptureLog.Libbpf(logger, level, text));
        programs.SetKnob("cfg_self_tgid", discovery.InstrumentSelf ? 0u : (uint)Environment.ProcessId);
        programs.SetKnob("cfg_report_exec", selectors.NeedsExecEvents ? 1u : 0u);
        programs.SetKnob("cfg_request_head_bytes", (uint)options.RequestHeadBytes);
        programs.SetKnob("cfg_head_bytes", (uint)options.ResponseHeadBytes);
        programs.GetMap("records").MaxEntries = options.RingBufferBytes;
        programs.GetMap("watched").MaxEntries = discovery.MaxProcesses;
        foreach (var map in MapsOfConnections)
        {
            programs.GetMap(map).MaxEntries = Math.Max(LeastMapEntries, options.MaxConnections / ConnectionsPerEntry);
        }

        if (options.Tls)
        {
            UprobePrograms.Choose(programs, mode);
        }

        try
        {
            programs.Load();
            return programs;
        }
        catch (BpfException exception) when (KernelSupport.MissingTracepoint(Hooks) is { } missing)
        {
            programs.Dispose();
            throw new BeylaStartException(missing, exception);
        }
        catch
        {
            programs.Dispose();
            throw;
        }
    }

    private static void WriteListenPorts(BpfMap map, PortSet selected)
    {
        var words = new ulong[PortSet.BitmapWords];
        selected.ToBitmap(words);
        var ports = new BpfArrayMap<ulong>(map);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] != 0)
            {
                ports[i] = words[i];
            }
        }
    }
}
