using System.Runtime.InteropServices;

namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>struct beyla_piece</c> in bpf/abi/records.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Piece
{
    public uint Offset;
    public uint Length;
}
