using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>struct beyla_process_record</c> in bpf/abi/records.h; a test compares it with the BTF of the object.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessRecord
{
    public RecordKind Kind;
    public uint Tgid;
    public ulong TimeNs;
    public uint ParentTgid;
    public ushort Port;
    public ProcessEvent Event;
    public byte Watched;
    public PathBytes Path;

    [InlineArray(256)]
    internal struct PathBytes
    {
        private byte _first;
    }
}
