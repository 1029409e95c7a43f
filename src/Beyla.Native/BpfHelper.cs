namespace Beyla.Native;

/// <summary>
/// Helper functions of BPF programs that not every supported kernel has, with the numbers of the kernel
/// (include/uapi/linux/bpf.h). Other numbers may be cast.
/// </summary>
public enum BpfHelper
{
    /// <summary><c>bpf_probe_read_user</c>, Linux 5.5.</summary>
    ProbeReadUser = 112,

    /// <summary><c>bpf_get_ns_current_pid_tgid</c>, Linux 5.7.</summary>
    GetNamespacePidTgid = 120,

    /// <summary><c>bpf_ringbuf_reserve</c>, Linux 5.8.</summary>
    RingBufferReserve = 131,

    /// <summary><c>bpf_sk_storage_get</c>, Linux 5.2; in tracing programs 5.11.</summary>
    SkStorageGet = 107,

    /// <summary><c>bpf_task_storage_get</c>, Linux 5.11.</summary>
    TaskStorageGet = 156,

    /// <summary><c>bpf_get_socket_cookie</c>, Linux 4.12; in tracing programs 5.12.</summary>
    GetSocketCookie = 46,

    /// <summary><c>bpf_get_attach_cookie</c>, Linux 5.15.</summary>
    GetAttachCookie = 174,

    /// <summary><c>bpf_task_pt_regs</c>, Linux 5.15.</summary>
    TaskPtRegs = 175,

    /// <summary><c>bpf_loop</c>, Linux 5.17.</summary>
    Loop = 181,

    /// <summary><c>bpf_copy_from_user</c>, Linux 5.10, sleepable programs only.</summary>
    CopyFromUser = 148,
}
