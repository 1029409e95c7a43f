using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;

namespace Beyla.Discovery.Proc;

internal sealed partial class ProcFs
{
    private const int LineBuffer = 8 * 1024;

    /// <summary>Bounds what is read of a socket table: some 400 000 listeners.</summary>
    private const long MaxSocketTable = 64 * 1024 * 1024;

    /// <summary>Which network namespace the process is in, by the number that the kernel gives it.</summary>
    internal ProcRead ReadNetworkNamespace(int pid, out ulong number)
    {
        Span<byte> target = stackalloc byte[64];
        number = 0;
        var answer = Judge(pid, ReadLink(PathOf(stackalloc byte[MaxOwnPath], pid, "ns/net"), target, out var length));
        return answer == ProcRead.Ok && !TryParseNumbered(target[..length], "net:["u8, out number) ? ProcRead.Failed : answer;
    }

    /// <summary>Adds the sockets (inode to port) that listen on <paramref name="ports"/> in the network namespace of the process.</summary>
    /// <returns>Whether any table could be read.</returns>
    internal bool ReadListeners(int pid, PortSet ports, Dictionary<ulong, int> sockets)
    {
        var ipv4 = ReadListeners(pid, "net/tcp", ports, sockets);
        return ReadListeners(pid, "net/tcp6", ports, sockets) || ipv4;
    }

    /// <summary>Adds the ports of those of <paramref name="sockets"/> that the process has open.</summary>
    /// <returns>Whether its descriptors could be read.</returns>
    internal ProcRead FindHeldPorts(int pid, Dictionary<ulong, int> sockets, SortedSet<int> ports)
    {
        Span<byte> path = stackalloc byte[MaxOwnPath];
        Span<byte> target = stackalloc byte[64];
        using var descriptors = new NumericEntries(string.Create(CultureInfo.InvariantCulture, $"{_root}/{pid}/fd"));
        while (descriptors.MoveNext())
        {
            Utf8.TryWrite(path, CultureInfo.InvariantCulture, $"{_root}/{pid}/fd/{descriptors.Current}\0", out var pathLength);
            var answer = ReadLink(path[..pathLength], target, out var length);
            if (answer == ProcRead.Denied)
            {
                // Who may list the folder may still not follow its links; the next ones say the same.
                return Judge(pid, answer);
            }

            if (answer == ProcRead.Ok
                && TryParseNumbered(target[..length], "socket:["u8, out var inode)
                && sockets.TryGetValue(inode, out var port))
            {
                ports.Add(port);
            }
        }

        return Judge(pid, descriptors.Answer);
    }

    private bool ReadListeners(int pid, string table, PortSet ports, Dictionary<ulong, int> sockets)
    {
        if (Open(pid, table, out var file) != ProcRead.Ok)
        {
            return false;
        }

        using (file)
        {
            var lines = new ProcRecords(file, stackalloc byte[LineBuffer], (byte)'\n', MaxSocketTable);
            lines.TryRead(out _);
            // Listening sockets come first (proc_net_tcp of the kernel's documentation): with the first other one, a
            // table that may go on for a hundred thousand connections has nothing more to tell.
            while (lines.TryRead(out var line) && TryParseListener(line, out var port, out var inode))
            {
                if (ports.Contains(port))
                {
                    sockets[inode] = port;
                }
            }
        }

        return true;
    }

    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ...
    private static bool TryParseListener(ReadOnlySpan<byte> line, out int port, out ulong inode)
    {
        const int LocalAddress = 1;
        const int State = 3;
        const int Inode = 9;
        port = 0;
        inode = 0;
        for (var field = 0; ; field++)
        {
            line = line.TrimStart((byte)' ');
            var length = line.IndexOf((byte)' ');
            if (length < 0)
            {
                return false;
            }

            var text = line[..length];
            if (field == LocalAddress && !Utf8Parser.TryParse(text[(text.LastIndexOf((byte)':') + 1)..], out port, out _, 'X'))
            {
                return false;
            }

            if (field == State && !text.SequenceEqual("0A"u8))
            {
                return false;
            }

            if (field == Inode)
            {
                return Utf8Parser.TryParse(text, out inode, out _);
            }

            line = line[length..];
        }
    }

    private static bool TryParseNumbered(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix, out ulong number)
    {
        number = 0;
        return text.StartsWith(prefix) && Utf8Parser.TryParse(text[prefix.Length..], out number, out _);
    }
}
