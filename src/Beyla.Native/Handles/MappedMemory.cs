using System.Runtime.InteropServices;

namespace Beyla.Native.Handles;

/// <summary>Owns a shared memory mapping of a BPF map.</summary>
internal sealed unsafe class MappedMemory : SafeHandle
{
    private MappedMemory(void* address, nuint length)
        : base(0, ownsHandle: true)
    {
        SetHandle((nint)address);
        Length = length;
    }

    public override bool IsInvalid => handle == 0;

    internal nuint Length { get; }

    /// <summary>Start of the mapping; a mapping disposed of throws instead of leading into nowhere.</summary>
    internal byte* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (byte*)handle;
        }
    }

    internal static MappedMemory Map(int fd, long offset, nuint length, bool writable, string name)
    {
        var protection = writable ? LibC.ProtRead | LibC.ProtWrite : LibC.ProtRead;
        var address = LibC.mmap(null, length, protection, LibC.MapShared, fd, offset);
        return address != LibC.MapFailed
            ? new MappedMemory(address, length)
            : throw BpfException.FromErrno("map the memory of", name, Marshal.GetLastPInvokeError());
    }

    protected override bool ReleaseHandle() => LibC.munmap((void*)handle, Length) == 0;
}
