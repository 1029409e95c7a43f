using System.Runtime.InteropServices;

namespace Beyla.Native;

/// <summary>Error numbers of Linux (asm-generic/errno-base.h, errno.h) and of libbpf (libbpf_legacy.h), by name.</summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int E2BIG = 7;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EFAULT = 14;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int ENODEV = 19;
    internal const int EINVAL = 22;
    internal const int EMFILE = 24;
    internal const int ENOSPC = 28;
    internal const int EOPNOTSUPP = 95;
    internal const int ENOTSUPP = 524; // the kernel's own, leaked by some BPF paths

    private const int FirstOfLibBpf = 4000;

    private static readonly string[] LibBpfTexts =
    [
        "LIBBPF_ERRNO__LIBELF (libelf refuses the object)",
        "LIBBPF_ERRNO__FORMAT (invalid BPF object)",
        "LIBBPF_ERRNO__KVERSION (incorrect or no version)",
        "LIBBPF_ERRNO__ENDIAN (other byte order)",
        "LIBBPF_ERRNO__INTERNAL (error inside libbpf)",
        "LIBBPF_ERRNO__RELOC (relocation failed)",
        "LIBBPF_ERRNO__LOAD (load failed for an unknown reason)",
        "LIBBPF_ERRNO__VERIFY (refused by the verifier)",
        "LIBBPF_ERRNO__PROG2BIG (program too big)",
        "LIBBPF_ERRNO__KVER (wrong kernel version)",
        "LIBBPF_ERRNO__PROGTYPE (kernel doesn't support the program type)",
        "LIBBPF_ERRNO__WRNGPID (netlink: wrong pid)",
        "LIBBPF_ERRNO__INVSEQ (netlink: wrong sequence)",
        "LIBBPF_ERRNO__NLPARSE (netlink: unreadable message)",
    ];

    /// <summary>Name and text: <c>EPERM (Operation not permitted)</c>.</summary>
    internal static string Describe(int errno)
    {
        if (errno >= FirstOfLibBpf && errno < FirstOfLibBpf + LibBpfTexts.Length)
        {
            return LibBpfTexts[errno - FirstOfLibBpf];
        }

        return errno == ENOTSUPP ? "ENOTSUPP (not supported by the kernel)" : $"{NameOf(errno)} ({Marshal.GetPInvokeErrorMessage(errno)})";
    }

    private static string NameOf(int errno) => errno switch
    {
        EPERM => nameof(EPERM),
        ENOENT => nameof(ENOENT),
        ESRCH => nameof(ESRCH),
        EINTR => nameof(EINTR),
        E2BIG => nameof(E2BIG),
        EBADF => nameof(EBADF),
        EAGAIN => nameof(EAGAIN),
        ENOMEM => nameof(ENOMEM),
        EACCES => nameof(EACCES),
        EFAULT => nameof(EFAULT),
        EBUSY => nameof(EBUSY),
        EEXIST => nameof(EEXIST),
        ENODEV => nameof(ENODEV),
        EINVAL => nameof(EINVAL),
        EMFILE => nameof(EMFILE),
        ENOSPC => nameof(ENOSPC),
        EOPNOTSUPP => nameof(EOPNOTSUPP),
        _ => $"errno {errno}",
    };
}
