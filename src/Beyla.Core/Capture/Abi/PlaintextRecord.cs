using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>struct beyla_plaintext_record</c> in bpf/abi/records.h; a test compares it with the BTF of the object.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PlaintextRecord
{
    public RecordKind Kind;
    public uint Pad;
    public ulong BeganNs;
    public ulong Socket;
    public Bytes32 Random;
    public SocketRecord Io;

    [InlineArray(32)]
    internal struct Bytes32
    {
        private byte _first;
    }
}
