using System.Globalization;
using System.Text;
using Beyla.Discovery.Proc;

namespace Beyla.Capture.Uprobes.Processes;

/// <summary>Reads which files a process has mapped executable, from <c>/proc/PID/maps</c>.</summary>
internal static class ProcessMaps
{
    private const long MaxBytes = 4 * 1024 * 1024;
    private const int LineBuffer = 8 * 1024;
    private const int MaxFiles = 1024;

    /// <summary>Each file once, in the order of its addresses; none when the process is gone or may not be looked at.</summary>
    internal static ProcRead Read(ProcFs files, int pid, List<MappedFile> mapped)
    {
        var answer = files.Open(pid, "maps", out var file);
        if (answer != ProcRead.Ok)
        {
            return answer;
        }

        using (file)
        {
            var seen = new HashSet<(string, ulong)>();
            var lines = new ProcRecords(file, stackalloc byte[LineBuffer], (byte)'\n', MaxBytes);
            while (mapped.Count < MaxFiles && lines.TryRead(out var line))
            {
                if (TryParse(pid, line) is { } entry && seen.Add((entry.Device, entry.Inode)))
                {
                    mapped.Add(entry);
                }
            }
        }

        return ProcRead.Ok;
    }

    // 7f0000000000-7f0000001000 r-xp 00000000 08:01 1234    /path with spaces (deleted)
    private static MappedFile? TryParse(int pid, ReadOnlySpan<byte> line)
    {
        var slash = line.IndexOf((byte)'/');
        if (slash < 0)
        {
            return null;
        }

        Span<Range> fields = stackalloc Range[6];
        var head = line[..slash];
        if (Split(head, fields) != 5)
        {
            return null;
        }

        var range = head[fields[0]];
        var dash = range.IndexOf((byte)'-');
        var rights = head[fields[1]];
        if (dash < 0 || rights.Length < 3 || rights[2] != 'x'
            || !ulong.TryParse(range[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var start)
            || !ulong.TryParse(range[(dash + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var end)
            || !ulong.TryParse(head[fields[4]], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            || inode == 0)
        {
            return null;
        }

        var path = line[slash..];
        if (path.EndsWith(" (deleted)"u8))
        {
            path = path[..^" (deleted)".Length];
        }

        return new MappedFile(pid, Encoding.UTF8.GetString(path), start, end, Encoding.ASCII.GetString(head[fields[3]]), inode);
    }

    private static int Split(ReadOnlySpan<byte> text, Span<Range> fields)
    {
        var count = 0;
        var at = 0;
        while (count < fields.Length)
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            if (at == text.Length)
            {
                break;
            }

            var start = at;
            while (at < text.Length && text[at] != ' ')
            {
                at++;
            }

            fields[count++] = start..at;
        }

        return count;
    }
}
