using System.Globalization;
using System.Runtime.InteropServices;

namespace Beyla.Native.Tests;

public unsafe partial class UprobeTests
{
    private const ulong Cookie = 7;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_function_of_a_library_is_seen_with_its_cookie_until_the_link_is_disposed_of(bool atReturn)
    {
        using var test = Kernel.Load();
        var (path, offset) = FileOffset("getppid");
        var counters = new BpfPerCpuArray<uint>(test.GetMap("counters"));
        using (test.GetProgram("on_call").AttachUprobe(path, offset, atReturn, Environment.ProcessId, Cookie))
        {
            _ = getppid();
            _ = getppid();
            Assert.Equal(2 * Cookie, counters.Sum(3));
        }

        _ = getppid();
        Assert.Equal(2 * Cookie, counters.Sum(3));
    }

    [Fact]
    public void Many_functions_are_seen_by_one_link()
    {
        using var test = Kernel.Open();
        if (BpfFeatures.KernelVersion < new Version(6, 6))
        {
            Assert.Skip("uprobe_multi needs Linux 6.6");
        }

        test.GetProgram("on_calls").AutoLoad = true;
        test.Load();
        var (path, first) = FileOffset("getppid");
        var (_, second) = FileOffset("getuid");
        var counters = new BpfPerCpuArray<uint>(test.GetMap("counters"));
        using (test.GetProgram("on_calls").AttachUprobeMulti(path, [(nuint)first, (nuint)second], processId: Environment.ProcessId, cookies: [1, 100]))
        {
            _ = getppid();
            _ = getuid();
            _ = getuid();
        }

        _ = getuid();
        Assert.Equal(201u, counters.Sum(3));
    }

    [Fact]
    public void A_session_runs_at_the_entry_and_at_the_return_by_one_link()
    {
        using var test = Kernel.Open();
        if (!BpfFeatures.SupportsUprobeSession)
        {
            Assert.Skip("sessions of uprobes need Linux 6.13");
        }

        var program = test.GetProgram("on_calls");
        program.AutoLoad = true;
        program.MakeUprobeSession();
        test.Load();
        var (path, offset) = FileOffset("getppid");
        var counters = new BpfPerCpuArray<uint>(test.GetMap("counters"));
        using (var link = program.AttachUprobeSession(path, [(nuint)offset], [100]))
        {
            _ = getppid();
            Assert.True(link.Id > 0);
        }

        _ = getppid();
        Assert.Equal(200u, counters.Sum(3));
        Assert.Throws<InvalidOperationException>(program.MakeUprobeSession);
        var exception = Assert.Throws<BpfException>(() => program.AttachUprobeSession("/no/such/library.so", [16]));
        Assert.Contains("/no/such/library.so", exception.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.ENOENT, exception.Errno);
    }

    [Fact]
    public void The_kernel_is_asked_for_the_ways_of_attaching()
    {
        using var test = Kernel.Open();
        Assert.True(BpfFeatures.SupportsUprobeMulti || BpfFeatures.KernelVersion < new Version(6, 6));
        Assert.True(BpfFeatures.SupportsUprobeSession || BpfFeatures.KernelVersion < new Version(6, 13));
        Assert.True(BpfFeatures.SupportsUprobeMulti || !BpfFeatures.SupportsUprobeSession);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_told_by_name()
    {
        using var test = Kernel.Load();
        var exception = Assert.Throws<BpfException>(() => test.GetProgram("on_call").AttachUprobe("/no/such/library.so", 0x10));
        Assert.Contains("/no/such/library.so+0x10", exception.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.ENOENT, exception.Errno);
    }

    [Fact]
    public void Cookies_must_be_as_many_as_places()
    {
        using var test = Kernel.Load();
        Assert.Throws<ArgumentException>(() => test.GetProgram("on_call").AttachUprobeMulti("/bin/sh", [1, 2], cookies: [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.GetProgram("on_call").AttachUprobeMulti("/bin/sh", []));
    }

    /// <summary>Where a function of the C library is in its file, by way of where it is in this process.</summary>
    private static (string Path, long Offset) FileOffset(string function)
    {
        var address = (long)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), function);
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var words = line.Split(' ', 6, StringSplitOptions.TrimEntries);
            var range = words[0].Split('-');
            var start = Hexadecimal(range[0]);
            if (address >= start && address < Hexadecimal(range[1]))
            {
                return (words[5], address - start + Hexadecimal(words[2]));
            }
        }

        throw new InvalidOperationException($"{function} is not mapped");

        static long Hexadecimal(string digits) => long.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc")]
    private static partial uint getuid();
}
