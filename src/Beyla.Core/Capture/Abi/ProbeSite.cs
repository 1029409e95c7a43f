using System.Runtime.InteropServices;

namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>struct beyla_tls_site</c> in bpf/abi/control.h: what a probe is told of its place, as its attach cookie.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProbeSite
{
    public ProbeRole Role;
    public ProbeArguments Arguments;
    public ProbeFlags Flags;
    public byte Pad;
    public ushort RandomBase;
    public ushort RandomOffset;
}
