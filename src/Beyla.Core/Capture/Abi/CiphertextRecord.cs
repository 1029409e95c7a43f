using System.Runtime.InteropServices;

namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>struct beyla_ciphertext_record</c> in bpf/abi/records.h; a test compares it with the BTF of the object.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CiphertextRecord
{
    public RecordKind Kind;
    public uint Tgid;
    public ulong TimeNs;
    public ulong Session;
    public uint Received;
    public uint Length;
    public PlaintextRecord.Bytes32 Bytes;
}
