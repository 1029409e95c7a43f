using System.Runtime.InteropServices;

namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>struct beyla_control</c> in bpf/abi/control.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Control
{
    public ControlFlags Flags;
    public uint QuietSent;
    public uint QuietReceived;
}
