using System.Runtime.InteropServices;
using Beyla.Native.Handles;
using Beyla.Native.Interop;

namespace Beyla.Native;

/// <summary>
/// An attached program. It is detached when this is disposed of or the process ends, whatever happens to the
/// <see cref="BpfObject"/>. Thread-safe.
/// </summary>
public sealed unsafe class BpfLink : IDisposable
{
    private readonly SafeHandle _handle;

    internal BpfLink(BpfLinkHandle handle, string programName)
    {
        _handle = handle;
        ProgramName = programName;
    }

    internal BpfLink(FileDescriptor descriptor, string programName)
    {
        _handle = descriptor;
        ProgramName = programName;
    }

    /// <summary>Name of the program.</summary>
    public string ProgramName { get; }

    /// <summary>Its file descriptor, owned by this link.</summary>
    public int Fd
    {
        get
        {
            using var lease = new HandleLease(_handle);
            return _handle is BpfLinkHandle link ? LibBpf.bpf_link__fd(link.Pointer) : ((FileDescriptor)_handle).Value;
        }
    }

    /// <summary>Id, unique on the machine while the link lives.</summary>
    /// <exception cref="BpfException">It is no link in the kernel but a perf event (uprobes before Linux 5.15).</exception>
    public int Id
    {
        get
        {
            using var lease = new HandleLease(_handle);
            bpf_link_info info = default;
            var size = (uint)sizeof(bpf_link_info);
            BpfException.ThrowIfNegative(LibBpf.bpf_obj_get_info_by_fd(Fd, &info, &size), "ask about the link of", ProgramName);
            return (int)info.id;
        }
    }

    /// <summary>Detaches the program. Runs in progress end by themselves.</summary>
    public void Dispose() => _handle.Dispose();
}
