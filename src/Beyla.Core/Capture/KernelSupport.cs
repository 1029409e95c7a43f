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

    /// <summary>What can't be seen of the processes of other users with these rights, and which would help; <see langword="null"/> when nothing is hidden.</summary>
    /// <param name="capabilities">Names of the effective capabilities.</param>
    public static string? HiddenBy(IReadOnlySet<string> capabilities)
    {
        var mayTrace = capabilities.Contains("CAP_SYS_PTRACE");
        var maySearch = capabilities.Contains("CAP_DAC_READ_SEARCH") || capabilities.Contains("CAP_DAC_OVERRIDE");
        return (mayTrace, maySearch) switch
        {
            (true, true) => null,
            (true, false) => "CAP_DAC_READ_SEARCH is missing: of other users' processes it can't be told which ports they listen on already, nor what their environment says",
            (false, true) => "CAP_SYS_PTRACE is missing: of other users' processes neither the executable can be told, nor which ports they listen on already, nor which TLS library they use",
            _ => "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH are missing: other users' processes can't be looked into; only those that start or begin to listen later are found, and not their TLS",
        };
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
