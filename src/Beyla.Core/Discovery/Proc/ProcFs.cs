using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Beyla.Discovery.Proc;

/// <summary>
/// Reads <c>/proc</c>. Every process may vanish at any moment, which is an answer and no exception; every read is
/// bounded. Keeps nothing, so any thread may use it.
/// </summary>
internal sealed partial class ProcFs
{
    /// <summary>PATH_MAX of linux/limits.h: no longer link target can be read.</summary>
    internal const int MaxPath = 4096;

    private const int MaxRoot = 256;
    private const int MaxOwnPath = MaxRoot + 64;

    private readonly string _root;

    /// <param name="root">The folder; another one than <c>/proc</c> in a container that sees the host's elsewhere.</param>
    internal ProcFs(string root = "/proc")
    {
        if (Encoding.UTF8.GetByteCount(root) > MaxRoot)
        {
            throw new ArgumentException($"The path '{root}' is longer than {MaxRoot} bytes.", nameof(root));
        }

        _root = root;
    }

    /// <summary>The folder.</summary>
    internal string Root => _root;

    /// <summary>Adds the ids of all processes to <paramref name="processes"/>.</summary>
    internal void ListProcesses(List<int> processes)
    {
        using var entries = new NumericEntries(_root);
        while (entries.MoveNext())
        {
            processes.Add(entries.Current);
        }
    }

    /// <summary>The path of the executable, as it was before its file was replaced.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="path">At least <see cref="MaxPath"/> characters.</param>
    /// <param name="length">Characters written.</param>
    internal ProcRead ReadExecutablePath(int pid, Span<char> path, out int length)
    {
        const string Deleted = " (deleted)";
        Span<byte> target = stackalloc byte[MaxPath];
        length = 0;
        var answer = Judge(pid, ReadLink(PathOf(stackalloc byte[MaxOwnPath], pid, "exe"), target, out var size));
        if (answer != ProcRead.Ok)
        {
            return answer;
        }

        length = Encoding.UTF8.GetChars(target[..size], path);
        if (path[..length].EndsWith(Deleted, StringComparison.Ordinal))
        {
            length -= Deleted.Length;
        }

        return ProcRead.Ok;
    }

    internal bool TryReadStat(int pid, out ProcessStat stat)
    {
        // The command is at most 64 bytes, the rest 50 numbers.
        Span<byte> text = stackalloc byte[2048];
        stat = default;
        if (Open(pid, "stat", out var file) != ProcRead.Ok)
        {
            return false;
        }

        using (file)
        {
            return ProcessStat.TryParse(text[..file.Read(text)], out stat);
        }
    }

    /// <summary>A handle of the executable's file, even when the file is deleted or lies in another mount namespace; <see langword="null"/> when it can't be opened.</summary>
    internal FileStream? OpenExecutable(int pid)
    {
        try
        {
            return new FileStream(
                string.Create(CultureInfo.InvariantCulture, $"{_root}/{pid}/exe"),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Opens a file of a process, such as <c>environ</c>.</summary>
    internal ProcRead Open(int pid, string leaf, out ProcFile file) =>
        Judge(pid, ProcFile.Open(PathOf(stackalloc byte[MaxOwnPath], pid, leaf), out file));

    /// <summary>What an answer means: to the links of a process that ends meanwhile the kernel says EACCES, whoever asks.</summary>
    internal ProcRead Judge(int pid, ProcRead answer)
    {
        if (answer != ProcRead.Denied)
        {
            return answer;
        }

        // Everybody may read it.
        var existence = ProcFile.Open(PathOf(stackalloc byte[MaxOwnPath], pid, "stat"), out var stat);
        stat.Dispose();
        return existence == ProcRead.Gone ? ProcRead.Gone : ProcRead.Denied;
    }

    internal static ProcRead ReadOf(int errno) => errno switch
    {
        Posix.ENOENT or Posix.ESRCH => ProcRead.Gone,
        Posix.EACCES or Posix.EPERM => ProcRead.Denied,
        _ => ProcRead.Failed,
    };

    private static unsafe ProcRead ReadLink(ReadOnlySpan<byte> path, Span<byte> target, out int length)
    {
        nint count;
        fixed (byte* p = path, t = target)
        {
            count = Posix.ReadLink(p, t, (nuint)target.Length);
        }

        length = (int)Math.Max(count, 0);
        return count >= 0 ? ProcRead.Ok : ReadOf(Marshal.GetLastPInvokeError());
    }

    private ReadOnlySpan<byte> PathOf(Span<byte> buffer, int pid, string leaf)
    {
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{_root}/{pid}/{leaf}\0", out var length);
        return buffer[..length];
    }
}
