using System.Collections.Concurrent;
using Beyla.Native.Interop;

namespace Beyla.Native;

/// <summary>
/// What this kernel has and what this process may do, found by asking rather than by version. Thread-safe. Conclusive answers
/// are kept for the life of the process; whether it may do a thing is asked anew each time.
/// </summary>
public static unsafe class BpfFeatures
{
    private const uint Typedef = 8;

    // include/linux/proc_ns.h: PROC_PID_INIT_INO.
    private const string InitialPidNamespace = "pid:[4026531836]";

    private static readonly string[] NeededCapabilities = ["CAP_BPF", "CAP_PERFMON"];
    private static readonly ConcurrentDictionary<(int Kind, int Type, int Helper), bool> Known = new();

    /// <summary>As <c>uname -r</c> says, such as <c>6.1.0-18-amd64</c>.</summary>
    public static string KernelRelease { get; } = ReadLine("/proc/sys/kernel/osrelease") ?? "unknown";

    /// <summary>The numbers of <see cref="KernelRelease"/>; distributions backport features, so prefer asking for those.</summary>
    public static Version KernelVersion { get; } = ParseVersion(KernelRelease);

    /// <summary>Whether the kernel describes its types, which tracepoints with BTF and relocatable programs need.</summary>
    public static bool HasKernelBtf => File.Exists("/sys/kernel/btf/vmlinux");

    /// <summary>Whether process ids here are those that BPF programs see.</summary>
    public static bool InInitialPidNamespace => new FileInfo("/proc/self/ns/pid").LinkTarget == InitialPidNamespace;

    /// <summary>Kernel lockdown: <c>none</c>, <c>integrity</c> or <c>confidentiality</c>; <see langword="null"/> when it can't be told.</summary>
    public static string? LockdownMode
    {
        get
        {
            // The line is such as "none [integrity] confidentiality".
            var line = ReadLine("/sys/kernel/security/lockdown");
            var start = line?.IndexOf('[', StringComparison.Ordinal) ?? -1;
            var end = line?.IndexOf(']', StringComparison.Ordinal) ?? -1;
            return start >= 0 && end > start ? line![(start + 1)..end] : null;
        }
    }

    /// <summary>Names of the effective capabilities of this process (capabilities(7)), such as <c>CAP_BPF</c>.</summary>
    public static IReadOnlySet<string> EffectiveCapabilities => Capabilities.Effective();

    /// <summary>
    /// Of <c>CAP_BPF</c> and <c>CAP_PERFMON</c> those that this process lacks; <c>CAP_SYS_ADMIN</c> stands in for both, and before
    /// Linux 5.8 it is the one that is asked for.
    /// </summary>
    public static IReadOnlyList<string> MissingCapabilities
    {
        get
        {
            var effective = EffectiveCapabilities;
            return effective.Contains("CAP_SYS_ADMIN") ? []
                : KernelVersion < new Version(5, 8) ? ["CAP_SYS_ADMIN"]
                : [.. NeededCapabilities.Where(c => !effective.Contains(c))];
        }
    }

    /// <summary>Whether <see cref="BpfProgram.AttachUprobeMulti"/> works (Linux 6.6); false as well when this process may not find out.</summary>
    public static bool SupportsUprobeMulti => CanAttach(BpfSystemCall.UprobeMulti);

    /// <summary>Whether <see cref="BpfProgram.AttachUprobeSession"/> works (Linux 6.13); false as well when this process may not find out.</summary>
    public static bool SupportsUprobeSession => CanAttach(BpfSystemCall.UprobeSession);

    /// <summary>
    /// Whether programs of that type load; <see langword="null"/> when the kernel didn't let us find out, and for the types whose
    /// hook decides (<see cref="BpfProgramType.Tracing"/>, <see cref="BpfProgramType.Lsm"/>,
    /// <see cref="BpfProgramType.Extension"/>, <see cref="BpfProgramType.StructOps"/>): a kernel may take tracepoints and refuse
    /// function entries, so only a load tells.
    /// </summary>
    public static bool? Supports(BpfProgramType type) =>
        DependsOnHook(type) ? null : Ask((1, (int)type, 0), () => LibBpf.libbpf_probe_bpf_prog_type((bpf_prog_type)type, null));

    /// <summary>Whether maps of that type can be made; <see langword="null"/> when the kernel didn't let us find out.</summary>
    public static bool? Supports(BpfMapType type) =>
        Ask((2, (int)type, 0), () => LibBpf.libbpf_probe_bpf_map_type((bpf_map_type)type, null));

    /// <summary>
    /// Whether programs of that type may call that helper; <see langword="null"/> when the kernel didn't let us find out, and for the
    /// types whose hook decides.
    /// </summary>
    public static bool? Supports(BpfProgramType type, BpfHelper helper) =>
        DependsOnHook(type) ? null : Ask((3, (int)type, (int)helper), () => LibBpf.libbpf_probe_bpf_helper((bpf_prog_type)type, (bpf_func_id)helper, null));

    /// <summary>
    /// Those of the tracepoints that <c>tp_btf</c> programs can attach to. Reads the kernel's BTF once (tens of milliseconds, some
    /// megabytes that are given back), so ask for all at once.
    /// </summary>
    /// <param name="names">Names as after <c>tp_btf/</c>.</param>
    public static IReadOnlySet<string> FindTracepoints(params ReadOnlySpan<string> names)
    {
        BpfRuntime.EnsureLoaded();
        var found = new HashSet<string>();
        var kernel = HasKernelBtf ? LibBpf.btf__load_vmlinux_btf() : null;
        if (kernel == null)
        {
            return found;
        }

        foreach (var name in names)
        {
            if (LibBpf.btf__find_by_name_kind(kernel, "btf_trace_" + name, Typedef) >= 0)
            {
                found.Add(name);
            }
        }

        LibBpf.btf__free(kernel);
        return found;
    }

    internal static Version ParseVersion(string release)
    {
        var numbers = string.Concat(release.TakeWhile(static c => char.IsAsciiDigit(c) || c == '.')).TrimEnd('.');
        return Version.TryParse(numbers, out var version) ? version : new Version(0, 0);
    }

    private static bool CanAttach(uint type) =>
        Known.TryGetValue((4, (int)type, 0), out var known) ? known
        : BpfSystemCall.CanAttach(type) ? Known.GetOrAdd((4, (int)type, 0), true)
        : MissingCapabilities.Count == 0 && Known.GetOrAdd((4, (int)type, 0), false);

    private static bool DependsOnHook(BpfProgramType type) =>
        type is BpfProgramType.Tracing or BpfProgramType.Lsm or BpfProgramType.Extension or BpfProgramType.StructOps;

    private static bool? Ask((int Kind, int Type, int Helper) question, Func<int> probe)
    {
        if (Known.TryGetValue(question, out var known))
        {
            return known;
        }

        BpfRuntime.EnsureLoaded();
        var answer = probe();
        return answer < 0 || MissingCapabilities.Count > 0 ? null : Known.GetOrAdd(question, answer == 1);
    }

    private static string? ReadLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
