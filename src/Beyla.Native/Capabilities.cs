using System.Globalization;

namespace Beyla.Native;

/// <summary>Capabilities by name, from the bit mask in <c>/proc/self/status</c>.</summary>
internal static class Capabilities
{
    // By number, include/uapi/linux/capability.h.
    private static readonly string[] Names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
        "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    internal static IReadOnlySet<string> Effective()
    {
        const string Field = "CapEff:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(static l => l.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? new HashSet<string>() : Parse(line.AsSpan(Field.Length).Trim());
    }

    /// <summary>Names of the bits that are set; bits newer than the table are left out.</summary>
    internal static IReadOnlySet<string> Parse(ReadOnlySpan<char> hexadecimal)
    {
        var mask = ulong.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var names = new HashSet<string>();
        for (var bit = 0; bit < Names.Length; bit++)
        {
            if ((mask >> bit & 1) != 0)
            {
                names.Add(Names[bit]);
            }
        }

        return names;
    }
}
