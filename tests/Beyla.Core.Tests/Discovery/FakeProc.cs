using System.Globalization;
using System.Text;
using Beyla.Discovery.Proc;

namespace Beyla.Core.Tests.Discovery;

/// <summary>A folder that looks like <c>/proc</c> and is deleted with this object.</summary>
internal sealed class FakeProc : IDisposable
{
    internal const ulong HostNetwork = 4026531833;

    private const string TableHead = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    private readonly string _root = Directory.CreateTempSubdirectory("fakeproc").FullName;

    private readonly List<int> _hidden = [];
    private readonly Dictionary<int, ulong> _networks = [];
    private readonly Dictionary<ulong, (string IPv4, string IPv6)> _tables = [];

    internal FakeProc()
    {
        Files = new ProcFs(_root);
        File.WriteAllText(Path.Combine(_root, "uptime"), "1 1\n");
        Directory.CreateDirectory(Path.Combine(_root, "sys"));
    }

    internal ProcFs Files { get; }

    internal void Add(int pid, string? exe, int parent = 1, ulong start = 1000, ulong network = HostNetwork, bool kernelThread = false)
    {
        var folder = FolderOf(pid);
        Directory.CreateDirectory(Path.Combine(folder, "fd"));
        Directory.CreateDirectory(Path.Combine(folder, "ns"));
        Directory.CreateDirectory(Path.Combine(folder, "net"));
        WriteStat(pid, parent, start, kernelThread);
        Link(Path.Combine(folder, "ns", "net"), string.Create(CultureInfo.InvariantCulture, $"net:[{network}]"));
        SetExecutable(pid, exe);
        _networks[pid] = network;
        WriteTables(pid);
    }

    internal void WriteStat(int pid, int parent, ulong start, bool kernelThread = false) => File.WriteAllText(
        Path.Combine(FolderOf(pid), "stat"),
        string.Create(
            CultureInfo.InvariantCulture,
            $"{pid} (a) b (c) S {parent} 1 1 0 -1 {(kernelThread ? 0x200040 : 0x400040)} 1 2 3 4 5 6 7 8 20 0 1 0 {start} 99 100\n"));

    internal void SetExecutable(int pid, string? exe)
    {
        var link = Path.Combine(FolderOf(pid), "exe");
        File.Delete(link);
        if (exe is not null)
        {
            Link(link, exe);
        }
    }

    /// <summary>Gives the process a descriptor for each socket.</summary>
    internal void Hold(int pid, params ulong[] inodes)
    {
        var folder = Path.Combine(FolderOf(pid), "fd");
        Link(Path.Combine(folder, "0"), "/dev/null");
        Link(Path.Combine(folder, "1"), "pipe:[77]");
        for (var i = 0; i < inodes.Length; i++)
        {
            Link(Path.Combine(folder, (i + 3).ToString(CultureInfo.InvariantCulture)), string.Create(CultureInfo.InvariantCulture, $"socket:[{inodes[i]}]"));
        }
    }

    /// <summary>Writes the socket tables of the process's network namespace: listeners first, as the kernel does, then a connection.</summary>
    internal void SetListeners(int pid, (int Port, ulong Inode)[] ipv4, params (int Port, ulong Inode)[] ipv6)
    {
        _tables[_networks[pid]] = (Table("00000000", ipv4), Table("00000000000000000000000000000000", ipv6));
        foreach (var (other, network) in _networks)
        {
            if (network == _networks[pid])
            {
                WriteTables(other);
            }
        }
    }

    /// <summary>The content of <c>maps</c> for these files.</summary>
    internal static string Maps(params string[] paths) => string.Concat(paths.Select(path =>
        $"7f0000000000-7f0000001000 r-xp 00000000 fe:00 123456                     {path}\n")) + "7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]\n";

    internal void Write(int pid, string file, string text) => File.WriteAllBytes(Path.Combine(FolderOf(pid), file), Encoding.UTF8.GetBytes(text));

    /// <summary>What the process has open can't be read any more, except with rights that <see cref="Unprivileged"/> gives up.</summary>
    internal void Hide(int pid)
    {
        // Nobody else may enter a temporary folder, and this is about one folder in it.
        File.SetUnixFileMode(_root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Path.Combine(FolderOf(pid), "fd"), UnixFileMode.None);
        _hidden.Add(pid);
    }

    internal void Remove(int pid)
    {
        _networks.Remove(pid);
        Directory.Delete(FolderOf(pid), recursive: true);
    }

    /// <summary>A file beside the processes, for instance an executable.</summary>
    internal string AddFile(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose()
    {
        foreach (var pid in _hidden)
        {
            File.SetUnixFileMode(Path.Combine(FolderOf(pid), "fd"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.Delete(_root, recursive: true);
    }

    private void WriteTables(int pid)
    {
        var (ipv4, ipv6) = _tables.GetValueOrDefault(_networks[pid], (TableHead, TableHead));
        File.WriteAllText(Path.Combine(FolderOf(pid), "net", "tcp"), ipv4);
        File.WriteAllText(Path.Combine(FolderOf(pid), "net", "tcp6"), ipv6);
    }

    private static void Link(string link, string target) => File.CreateSymbolicLink(link, target);

    private static string Table(string address, (int Port, ulong Inode)[] listeners)
    {
        var text = new StringBuilder(TableHead);
        foreach (var (port, inode) in listeners)
        {
            Line(text, address, port, "0A", inode);
        }

        Line(text, address, 40000, "01", 999_999);
        // Behind a connection no listener follows; one that did would show that the table is read to its end.
        Line(text, address, 1, "0A", 999_998);
        return text.ToString();
    }

    private static void Line(StringBuilder text, string address, int port, string state, ulong inode) => text.Append(
        CultureInfo.InvariantCulture,
        $"   0: {address}:{port:X4} {address}:0000 {state} 00000000:00000000 00:00000000 00000000     0        0 {inode} 1 0000000000000000 100 0 0 10 0\n");

    private string FolderOf(int pid) => Path.Combine(_root, pid.ToString(CultureInfo.InvariantCulture));
}
