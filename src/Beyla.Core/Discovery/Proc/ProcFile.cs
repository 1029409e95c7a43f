using System.Runtime.InteropServices;

namespace Beyla.Discovery.Proc;

/// <summary>An open file of <c>/proc</c>, read from its start to its end without exceptions.</summary>
internal unsafe ref struct ProcFile
{
    private int _fd;

    private ProcFile(int fd) => _fd = fd;

    /// <param name="path">UTF-8, ended by a NUL.</param>
    /// <param name="file">To be disposed when the answer is <see cref="ProcRead.Ok"/>.</param>
    internal static ProcRead Open(scoped ReadOnlySpan<byte> path, out ProcFile file)
    {
        int fd;
        fixed (byte* p = path)
        {
            do
            {
                fd = Posix.Open(p, Posix.ReadOnlyCloseOnExec);
            }
            while (fd < 0 && Marshal.GetLastPInvokeError() == Posix.EINTR);
        }

        file = new ProcFile(fd);
        return fd >= 0 ? ProcRead.Ok : ProcFs.ReadOf(Marshal.GetLastPInvokeError());
    }

    /// <summary>Bytes read; 0 at the end, and when the process has vanished or may not be read after all.</summary>
    internal readonly int Read(Span<byte> buffer)
    {
        nint count;
        fixed (byte* p = buffer)
        {
            do
            {
                count = Posix.Read(_fd, p, (nuint)buffer.Length);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == Posix.EINTR);
        }

        return count > 0 ? (int)count : 0;
    }

    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Posix.Close(_fd);
            _fd = -1;
        }
    }
}
