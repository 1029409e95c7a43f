using System.Runtime.InteropServices;
using Beyla.Native.Interop;

namespace Beyla.Native.Handles;

/// <summary>Owns a <c>bpf_object</c>: its programs, maps and BTF end with it.</summary>
internal sealed unsafe class BpfObjectHandle : SafeHandle
{
    internal BpfObjectHandle(bpf_object* value)
        : base(0, ownsHandle: true)
    {
        SetHandle((nint)value);
    }

    public override bool IsInvalid => handle == 0;

    internal bpf_object* Pointer => (bpf_object*)handle;

    protected override bool ReleaseHandle()
    {
        LibBpf.bpf_object__close(Pointer);
        return true;
    }
}
