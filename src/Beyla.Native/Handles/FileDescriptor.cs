using System.Runtime.InteropServices;

namespace Beyla.Native.Handles;

/// <summary>Owns a file descriptor.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    internal FileDescriptor(int fd)
        : base(-1, ownsHandle: true)
    {
        SetHandle(fd);
    }

    public override bool IsInvalid => handle < 0;

    internal int Value => (int)handle;

    /// <summary>A descriptor of its own for the same thing, closed on exec.</summary>
    internal static FileDescriptor Duplicate(int fd, string name)
    {
        var copy = LibC.fcntl(fd, LibC.DuplicateCloseOnExec, 3);
        return copy >= 0 ? new FileDescriptor(copy) : throw BpfException.FromErrno("duplicate the descriptor of", name, Marshal.GetLastPInvokeError());
    }

    protected override bool ReleaseHandle() => LibC.close(Value) == 0;
}
