using System.Runtime.InteropServices;
using Beyla.Native.Handles;

namespace Beyla.Native;

/// <summary>The few uses of bpf(2) that the libbpf in use has no function for, by the layouts of <c>union bpf_attr</c> in linux/bpf.h.</summary>
internal static unsafe class BpfSystemCall
{
    /// <summary>Attach types of programs that are attached to many places at once (<c>enum bpf_attach_type</c>).</summary>
    internal const uint UprobeMulti = 48;
    internal const uint UprobeSession = 57;

    private const int SystemCallNumber = 321; // x86-64
    private const int LoadProgram = 5;
    private const int CreateLink = 28;
    private const uint Kprobe = 2; // BPF_PROG_TYPE_KPROBE, of which uprobes are

    /// <summary>Attaches a uprobe program to places of a file.</summary>
    /// <returns>The link; -1 with the error number set when the kernel refuses.</returns>
    internal static int Attach(int program, uint attachType, string path, ReadOnlySpan<nuint> offsets, ReadOnlySpan<ulong> cookies)
    {
        var utf8 = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            fixed (nuint* places = offsets)
            fixed (ulong* values = cookies)
            {
                var attributes = new LinkAttributes
                {
                    Program = (uint)program,
                    AttachType = attachType,
                    Path = (ulong)utf8,
                    Offsets = (ulong)places,
                    Cookies = (ulong)values,
                    Count = (uint)offsets.Length,
                };
                return (int)LibC.syscall(SystemCallNumber, CreateLink, &attributes, sizeof(LinkAttributes));
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem(utf8);
        }
    }

    /// <summary>
    /// Whether programs of that attach type can be attached: asks to attach one to the root folder, which only a kernel that
    /// knows the type refuses for being no file.
    /// </summary>
    internal static bool CanAttach(uint attachType)
    {
        ulong* doNothing = stackalloc ulong[2] { 0xb7, 0x95 }; // r0 = 0; exit
        var license = "GPL\0"u8;
        fixed (byte* text = license)
        {
            var attributes = new LoadAttributes
            {
                Type = Kprobe,
                Instructions = (ulong)doNothing,
                Count = 2,
                License = (ulong)text,
                ExpectedAttachType = attachType,
            };
            using var program = new FileDescriptor((int)LibC.syscall(SystemCallNumber, LoadProgram, &attributes, sizeof(LoadAttributes)));
            if (program.IsInvalid)
            {
                return false;
            }

            using var link = new FileDescriptor(Attach(program.Value, attachType, "/", [0], []));
            return link.IsInvalid && Marshal.GetLastPInvokeError() == Errno.EBADF;
        }
    }

    [StructLayout(LayoutKind.Explicit, Size = 72)]
    private struct LoadAttributes
    {
        [FieldOffset(0)]
        internal uint Type;
        [FieldOffset(4)]
        internal uint Count;
        [FieldOffset(8)]
        internal ulong Instructions;
        [FieldOffset(16)]
        internal ulong License;
        [FieldOffset(68)]
        internal uint ExpectedAttachType;
    }

    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct LinkAttributes
    {
        [FieldOffset(0)]
        internal uint Program;
        [FieldOffset(8)]
        internal uint AttachType;
        [FieldOffset(16)]
        internal ulong Path;
        [FieldOffset(24)]
        internal ulong Offsets;
        [FieldOffset(40)]
        internal ulong Cookies;
        [FieldOffset(48)]
        internal uint Count;
    }
}
