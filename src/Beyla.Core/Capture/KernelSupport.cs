using Beyla.Native;

namespace Beyla.Capture;

/// <summary>Asks for everything the capture needs before anything is loaded, so that what is missing is named in words.</summary>
internal static class KernelSupport
{
    /// <exception cref="BeylaStartException">A right or a feature of the kernel is missing.</exception>
    public static void Require(ReadOnlySpan<string> tracepoints)
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

        var found = BpfFeatures.FindTracepoints(tracepoints);
        foreach (var tracepoint in tracepoints)
        {
            if (!found.Contains(tracepoint))
            {
                throw new BeylaStartException(
                    $"Kernel {BpfFeatures.KernelRelease} has no tracepoint {tracepoint}; the capture needs Linux 6.3 or later.");
            }
        }
    }
}
