using System.Net;
using System.Net.Sockets;
using Beyla.Discovery;
using Beyla.Discovery.Proc;

namespace Beyla.Core.Tests.Discovery;

public sealed class ProcFsTests : IDisposable
{
    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Only_folders_with_numbers_are_processes()
    {
        _proc.Add(7, "/bin/a");
        _proc.Add(123456, "/bin/b");
        var processes = new List<int>();

        _proc.Files.ListProcesses(processes);

        Assert.Equal([7, 123456], processes.Order());
    }

    [Fact]
    public void A_root_that_does_not_exist_has_no_processes()
    {
        var processes = new List<int>();
        new ProcFs("/does/not/exist").ListProcesses(processes);
        Assert.Empty(processes);
    }

    [Theory]
    [InlineData("/usr/bin/app", "/usr/bin/app")]
    [InlineData("/usr/bin/app (deleted)", "/usr/bin/app")]
    [InlineData("/opt/größe/app", "/opt/größe/app")]
    public void The_executable_is_named_without_the_mark_of_a_replaced_file(string link, string expected)
    {
        _proc.Add(7, link);
        var path = new char[ProcFs.MaxPath];

        Assert.Equal(ProcRead.Ok, _proc.Files.ReadExecutablePath(7, path, out var length));
        Assert.Equal(expected, new string(path, 0, length));
    }

    [Fact]
    public void What_does_not_exist_is_gone_and_no_exception()
    {
        _proc.Add(7, null);
        var path = new char[ProcFs.MaxPath];

        Assert.Equal(ProcRead.Gone, _proc.Files.ReadExecutablePath(7, path, out _));
        Assert.Equal(ProcRead.Gone, _proc.Files.ReadExecutablePath(8, path, out _));
        Assert.False(_proc.Files.TryReadStat(8, out _));
        Assert.Equal(ProcRead.Gone, _proc.Files.ReadNetworkNamespace(8, out _));
        Assert.False(_proc.Files.ReadListeners(8, PortSet.Of(80), []));
        Assert.Equal(ProcRead.Gone, _proc.Files.FindHeldPorts(8, [], []));
        Assert.Null(_proc.Files.OpenExecutable(8));
    }

    [Theory]
    [InlineData(2, ProcRead.Gone)] // ENOENT
    [InlineData(3, ProcRead.Gone)] // ESRCH
    [InlineData(1, ProcRead.Denied)] // EPERM
    [InlineData(13, ProcRead.Denied)] // EACCES
    [InlineData(24, ProcRead.Failed)] // EMFILE
    public void Only_what_rights_forbid_is_denied(int errno, object expected) => Assert.Equal(expected, ProcFs.ReadOf(errno));

    [Fact]
    public void A_process_that_ended_while_it_was_read_was_not_denied()
    {
        _proc.Add(7, "/bin/a");
        Assert.Equal(ProcRead.Denied, _proc.Files.Judge(7, ProcRead.Denied));
        Assert.Equal(ProcRead.Gone, _proc.Files.Judge(8, ProcRead.Denied));
    }

    [Fact]
    public void A_command_with_blanks_and_parentheses_does_not_shift_the_fields()
    {
        _proc.Add(7, "/bin/a", parent: 3, start: ulong.MaxValue);
        _proc.Add(8, null, parent: 2, kernelThread: true);

        Assert.True(_proc.Files.TryReadStat(7, out var user));
        Assert.True(_proc.Files.TryReadStat(8, out var thread));
        Assert.Equal(new ProcessStat(3, false, ulong.MaxValue), user);
        Assert.Equal(new ProcessStat(2, true, 1000), thread);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7 (a")]
    [InlineData("7 (a) S 1 2 3")]
    [InlineData("7 (a) S x 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 5 99 100\n")]
    public void A_stat_that_is_cut_or_strange_is_no_stat(string text)
    {
        _proc.Add(7, "/bin/a");
        _proc.Write(7, "stat", text);
        Assert.False(_proc.Files.TryReadStat(7, out _));
    }

    [Fact]
    public void Listeners_on_the_ports_are_found_in_both_tables_up_to_the_first_connection()
    {
        _proc.Add(7, "/bin/a");
        _proc.SetListeners(7, [(80, 1001), (22, 1002)], (8080, 1003));
        var sockets = new Dictionary<ulong, int>();

        Assert.True(_proc.Files.ReadListeners(7, PortSet.Parse("1,80,8000-8999"), sockets));

        Assert.Equal(new Dictionary<ulong, int> { [1001] = 80, [1003] = 8080 }, sockets);
    }

    [Fact]
    public void A_table_longer_than_the_buffer_is_read_whole()
    {
        _proc.Add(7, "/bin/a");
        var listeners = Enumerable.Range(1, 2000).Select(i => (i + 1000, (ulong)i)).ToArray();
        _proc.SetListeners(7, listeners);
        var sockets = new Dictionary<ulong, int>();

        _proc.Files.ReadListeners(7, PortSet.Parse("1-65535"), sockets);

        Assert.Equal(listeners.ToDictionary(l => l.Item2, l => l.Item1), sockets);
    }

    [Fact]
    public void The_descriptors_of_a_process_tell_its_ports()
    {
        _proc.Add(7, "/bin/a");
        _proc.Hold(7, 1001, 55, 1003);
        var ports = new SortedSet<int>();

        Assert.Equal(ProcRead.Ok, _proc.Files.FindHeldPorts(7, new() { [1001] = 80, [1003] = 8080, [9] = 99 }, ports));
        Assert.Equal([80, 8080], ports);

        var none = new SortedSet<int>();
        Assert.Equal(ProcRead.Ok, _proc.Files.FindHeldPorts(7, new() { [9] = 99 }, none));
        Assert.Empty(none);
    }

    [Fact]
    public void Descriptors_that_may_not_be_read_are_not_taken_for_none()
    {
        _proc.Add(7, "/bin/a");
        _proc.Hold(7, 1001);
        _proc.Hide(7);
        var ports = new SortedSet<int>();
        Unprivileged.Run(() => Assert.Equal(ProcRead.Denied, _proc.Files.FindHeldPorts(7, new() { [1001] = 80 }, ports)));
        Assert.Empty(ports);
    }

    [Fact]
    public void Records_longer_than_the_buffer_are_skipped_and_reading_stops_at_the_bound()
    {
        _proc.Add(7, "/bin/a");
        _proc.Write(7, "text", "one\n" + new string('x', 100) + "\ntwo\n\nthree\nlast");

        Assert.Equal(["one", "two", "", "three", "last"], Read(long.MaxValue));
        Assert.Equal(["one"], Read(20));
        Assert.Equal(["o"], Read(1));

        List<string> Read(long bound)
        {
            Assert.Equal(ProcRead.Ok, _proc.Files.Open(7, "text", out var file));
            using (file)
            {
                var found = new List<string>();
                var records = new ProcRecords(file, new byte[16], (byte)'\n', bound);
                while (records.TryRead(out var record))
                {
                    found.Add(System.Text.Encoding.UTF8.GetString(record));
                }

                return found;
            }
        }
    }

    [Fact]
    public void A_root_longer_than_the_bound_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ProcFs("/" + new string('x', 256)));
    }

    [Fact]
    public void The_real_folder_tells_of_this_process_and_its_listener()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var files = new ProcFs();
        var self = Environment.ProcessId;
        var path = new char[ProcFs.MaxPath];
        var sockets = new Dictionary<ulong, int>();
        var ports = new SortedSet<int>();

        Assert.Equal(ProcRead.Ok, files.ReadExecutablePath(self, path, out var length));
        Assert.Equal(Environment.ProcessPath, new string(path, 0, length));
        Assert.True(files.TryReadStat(self, out var stat));
        Assert.False(stat.IsKernelThread);
        Assert.True(stat.StartTicks > 0);
        Assert.Equal(ProcRead.Ok, files.ReadNetworkNamespace(self, out var network));
        Assert.NotEqual(0UL, network);
        Assert.True(files.ReadListeners(self, PortSet.Of(port), sockets));
        Assert.Single(sockets);
        Assert.Equal(ProcRead.Ok, files.FindHeldPorts(self, sockets, ports));
        Assert.Equal([port], ports);
    }
}
