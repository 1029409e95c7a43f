using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>struct beyla_socket_record</c> in bpf/abi/records.h; a test compares it with the BTF of the object.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketRecord
{
    public RecordKind Kind;
    public uint Tgid;
    public ulong TimeNs;
    public ulong Cookie;
    public uint SentPosition;
    public uint ReceivedPosition;
    public uint Length;
    public uint Captured;
    public SocketEvent Event;
    public SocketFlags Flags;
    public AddressFamily Family;
    public byte TailLength;
    public ushort LocalPort;
    public ushort RemotePort;
    public Bytes16 LocalAddress;
    public Bytes16 RemoteAddress;
    public Bytes16 Tail;

    [InlineArray(16)]
    internal struct Bytes16
    {
        private byte _first;
    }
}
