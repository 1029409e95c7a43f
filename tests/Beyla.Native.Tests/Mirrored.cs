using System.Runtime.InteropServices;

namespace Beyla.Native.Tests;

/// <summary><c>struct mirrored</c> of bpf/test.bpf.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Mirrored
{
    internal uint First;
    internal fixed byte Bytes[6];
    internal ushort Last;
    private readonly uint _padding;
    internal ulong Whole;
}
