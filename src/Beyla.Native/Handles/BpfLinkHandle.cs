using System.Runtime.InteropServices;
using Beyla.Native.Interop;

namespace Beyla.Native.Handles;

/// <summary>Owns a <c>bpf_link</c>: the program is detached when it goes.</summary>
internal sealed unsafe class BpfLinkHandle : SafeHandle
{
    internal BpfLinkHandle(bpf_link* value)
        : base(0, ownsHandle: true)
    {
        SetHandle((nint)value);
    }

    public override bool IsInvalid => handle == 0;

    internal bpf_link* Pointer => (bpf_link*)handle;

    protected override bool ReleaseHandle() => LibBpf.bpf_link__destroy(Pointer) == 0;
}
