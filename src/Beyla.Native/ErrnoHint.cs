namespace Beyla.Native;

/// <summary>The way out of an error number, given what this process may do and what this kernel has.</summary>
internal static class ErrnoHint
{
    /// <summary>One sentence or two; <see langword="null"/> when nothing sensible can be said.</summary>
    internal static string? For(int errno, HintContext context, string? verifierLog = null) => errno switch
    {
        Errno.EPERM when context.MissingCapabilities.Count > 0 =>
            $"Run as root, or grant {string.Join(" and ", context.MissingCapabilities)} (in a container: add the capabilities, or run privileged).",
        Errno.EPERM =>
            "The capabilities are there, so something else refuses: the lockdown mode "
            + $"({context.Lockdown ?? "unknown"}; \"confidentiality\" forbids BPF from reading kernel memory), a seccomp profile of the container "
            + "runtime, a security module, or a kernel without BPF trampolines (fentry, fexit).",
        Errno.EACCES when !string.IsNullOrEmpty(verifierLog) => "The verifier of this kernel refuses the program; VerifierLog has all of it.",
        Errno.EACCES => "A security module (SELinux, AppArmor) or a file permission refuses; see the kernel log.",
        Errno.ENOENT or Errno.ESRCH when !context.HasKernelBtf =>
            "This kernel has no BTF (/sys/kernel/btf/vmlinux): it needs Linux 5.4 or newer built with CONFIG_DEBUG_INFO_BTF.",
        Errno.ENOENT or Errno.ESRCH => "The hook, map element, symbol or file named above doesn't exist on this kernel or any more.",
        Errno.E2BIG => "A program is beyond the verifier's limits on this kernel, or a map beyond its maximum size: make the map smaller.",
        Errno.ENOMEM => "Memory ran out: raise the limit of the memory cgroup; on kernels before 5.11 raise RLIMIT_MEMLOCK (ulimit -l); or make the maps smaller.",
        Errno.ENOSPC => "The map is full, or the verifier log was cut.",
        Errno.EMFILE => "This process has too many open files: raise RLIMIT_NOFILE (ulimit -n).",
        Errno.EBUSY => "Something else is attached there, or the map is in use.",
        Errno.EINVAL => $"This kernel ({context.KernelRelease}) doesn't know what was asked for, or the arguments don't fit the object.",
        Errno.EOPNOTSUPP or Errno.ENOTSUPP => $"This kernel ({context.KernelRelease}) doesn't support it.",
        _ => null,
    };
}
