using System.Runtime.InteropServices;

namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>struct beyla_watch</c> in bpf/abi/control.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Watch
{
    public uint HeadBytes;
    public uint Provisional;
    public TlsThreads Tls;
    public int Goroutine;
}
