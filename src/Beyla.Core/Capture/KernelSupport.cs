using Beyla.Native;

namespace Beyla.Capture;

/// <summary>Names in words what the capture lacks on this machine.</summary>
internal static class KernelSupport
{
    /// <summary>Asks for what is cheap to ask for, before anything is loaded.</summary>
    /// <exception cref="BeylaStartException">A right or a feature of the kernel is missing.</exception>
    public static void Require()
    {
        var missing = BpfFeatures.MissingCapabilities;
        if (missing.Count > 0)
        {
            throw new BeylaStartException(
                $"This process may not load BPF programs: it lacks {string.Join(" and ", missing)}. Run it as root, or give it these capabilities (setcap, --cap-add, securityContext.capabilities).");
        }

        if (!BpfFeatures.HasKernelBtf)
        {
            throw new BeylaStartException(
                $"Kernel {BpfFeatures.KernelRelease} does not describe its types: /sys/kernel/btf/vmlinux is missing. Use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as those of the current distributions are.");
        }

        if (!BpfFeatures.InInitialPidNamespace)
        {
            throw new BeylaStartException(
                "This process runs in a pid namespace of its own, so the process ids it knows are not those of the kernel's events. Share the host's: docker run --pid=host, or hostPID: true in Kubernetes.");
        }
    }

    /// <summary>
    /// Why a load failed, if it is for want of a tracepoint. Asked only then: it parses all types of the kernel, which takes
    /// as long as the load itself.
    /// </summary>
    public static string? MissingTracepoint(ReadOnlySpan<string> tracepoints)
    {
        var found = BpfFeatures.FindTracepoints(tracepoints);
        foreach (var tracepoint in tracepoints)
        {
            if (!found.Contains(tracepoint))
            {
                return $"Kernel {BpfFeatures.KernelRelease} has no tracepoint {tracepoint}; the capture needs Linux 6.3 or later.";
            }
        }

        return null;
    }
}
