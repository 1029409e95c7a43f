using System.Runtime.InteropServices;

namespace Beyla.Discovery.Proc;

/// <summary>
/// The four calls that a walk through <c>/proc</c> consists of. The file API of .NET would throw for every process that
/// ends under the walk, and allocate for every link; both happen thousands of times.
/// </summary>
internal static unsafe partial class Posix
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int EACCES = 13;

    internal const int ReadOnlyCloseOnExec = 0x80000;
    internal const int NonBlock = 0x800;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    internal static partial nint ReadLink(byte* path, byte* buffer, nuint size);
}
