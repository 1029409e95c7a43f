using System.Runtime.InteropServices;
using System.Text;
using Beyla.Capture.Uprobes.Elf;
using Beyla.Discovery.Proc;
using Microsoft.Win32.SafeHandles;

namespace Beyla.Capture.Uprobes.Processes;

/// <summary>A file of an observed process, open for reading.</summary>
internal sealed class OpenedFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private OpenedFile(SafeFileHandle handle, string path, FileIdentity identity)
    {
        _handle = handle;
        Path = path;
        Identity = identity;
    }

    /// <summary>The path by which it was opened.</summary>
    internal string Path { get; }

    internal FileIdentity Identity { get; }

    /// <param name="path">Any path of this process' view. What stands there may be anything, a pipe as well, and doesn't block.</param>
    /// <param name="problem">Why it could not be opened: the rest of a sentence that begins with the file's name.</param>
    internal static OpenedFile? TryOpen(string path, out string? problem)
    {
        var handle = Open(path);
        if (handle.IsInvalid)
        {
            var errno = Marshal.GetLastPInvokeError();
            problem = errno is Posix.ENOENT or Posix.ESRCH
                ? "is not there any more"
                : "can't be opened: " + Marshal.GetPInvokeErrorMessage(errno);
        }
        else if (FileStatus.TryRead(handle, out var identity, out problem))
        {
            return new OpenedFile(handle, path, identity);
        }

        handle.Dispose();
        return null;
    }

    internal IByteSource Bytes() => new FileByteSource(_handle);

    public void Dispose() => _handle.Dispose();

    private static unsafe SafeFileHandle Open(string path)
    {
        var text = Encoding.UTF8.GetBytes(path + '\0');
        int fd;
        fixed (byte* p = text)
        {
            do
            {
                fd = Posix.Open(p, Posix.ReadOnlyCloseOnExec | Posix.NonBlock);
            }
            while (fd < 0 && Marshal.GetLastPInvokeError() == Posix.EINTR);
        }

        return new SafeFileHandle(fd, ownsHandle: true);
    }
}
