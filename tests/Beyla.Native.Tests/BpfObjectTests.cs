using Beyla.Native.Interop;

namespace Beyla.Native.Tests;

public class BpfObjectTests
{
    [Fact]
    public void Programs_and_maps_are_known_by_name_before_the_load()
    {
        using var test = Kernel.Open();
        Assert.Equal("syscall", test.GetProgram("produce").Section);
        Assert.Equal(BpfProgramType.Syscall, test.GetProgram("produce").Type);
        Assert.Equal(BpfProgramType.Tracing, test.GetProgram("on_sys_enter").Type);
        Assert.Equal((8, 24, 64), (test.GetMap("hash").KeySize, test.GetMap("hash").ValueSize, test.GetMap("hash").MaxEntries));
        Assert.Equal("test.rodata", test.GetMap(".rodata").Name);
        Assert.Contains(test.GetMap(".bss"), test.Maps);
        Assert.Throws<InvalidOperationException>(() => test.GetMap("hash").Fd);
        Assert.Throws<InvalidOperationException>(() => test.GetProgram("produce").Fd);
    }

    [Fact]
    public void Knobs_are_seen_by_the_programs()
    {
        using var test = Kernel.Open();
        test.SetKnob("cfg_number", 100u);
        test.SetKnob("cfg_byte", (byte)20);
        test.Load();
        Assert.Equal(123, test.GetProgram("knobs").TestRun());
    }

    [Fact]
    public void A_knob_that_is_missing_of_another_size_or_too_late_is_an_error()
    {
        using var test = Kernel.Open();
        var missing = Assert.Throws<KeyNotFoundException>(() => test.SetKnob("cfg_numbre", 1u));
        Assert.Contains("cfg_number", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => test.SetKnob("cfg_number", 1UL));
        test.Load();
        Assert.Throws<InvalidOperationException>(() => test.SetKnob("cfg_number", 1u));
        Assert.Throws<InvalidOperationException>(test.Load);
    }

    [Fact]
    public void Names_that_do_not_exist_are_answered_with_those_that_do()
    {
        using var test = Kernel.Open();
        Assert.Contains("hash", Assert.Throws<KeyNotFoundException>(() => test.GetMap("hsah")).Message, StringComparison.Ordinal);
        Assert.Contains("produce", Assert.Throws<KeyNotFoundException>(() => test.GetProgram("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layouts_and_enums_come_from_the_BTF_of_the_object()
    {
        using var test = Kernel.Open();
        var fields = test.Btf.GetStructLayout("mirrored", out var size);
        Assert.Equal(24, size);
        Assert.Equal(
            new Dictionary<string, (int, int)> { ["first"] = (0, 4), ["bytes"] = (4, 6), ["last"] = (10, 2), ["whole"] = (16, 8), ["half"] = (16, 4) },
            fields);
        var values = test.Btf.GetEnumValues("mirrored_kind");
        Assert.Equal(new Dictionary<string, long> { ["MIRRORED_ONE"] = 1, ["MIRRORED_BIG"] = 1 << 30, ["MIRRORED_NEGATIVE"] = -5 }, values);
        Assert.Throws<KeyNotFoundException>(() => test.Btf.GetStructLayout("no_such_struct", out _));
        Assert.Throws<KeyNotFoundException>(() => test.Btf.GetEnumValues("mirrored"));
    }

    [Fact]
    public void An_attached_tracepoint_runs_until_its_link_is_disposed_of()
    {
        using var test = Kernel.Load();
        var counters = new BpfPerCpuArray<uint>(test.GetMap("counters"));
        using (var statistics = BpfRuntime.EnableStatistics())
        using (var link = test.GetProgram("on_sys_enter").Attach())
        {
            Assert.True(link.Id > 0);
            Assert.True(Kernel.Eventually(() => counters.Sum(2) > 100, TimeSpan.FromSeconds(30)));
            var info = test.GetProgram("on_sys_enter").GetInfo();
            Assert.True(info.RunCount > 0 && info.RunTimeNanoseconds > 0 && info.VerifiedInstructions > 0, info.ToString());
        }

        // A run may be in progress on another CPU.
        Assert.True(Kernel.Eventually(() => Unchanged(counters), TimeSpan.FromSeconds(30)));
        Assert.True(test.GetMap("counters").ReadMemoryBytes() > 0);
        Assert.True(test.GetProgram("on_sys_enter").ReadMemoryBytes() > 0);

        static bool Unchanged(BpfPerCpuArray<uint> counters)
        {
            var before = counters.Sum(2);
            return Enumerable.Range(0, 100).All(_ => counters.Sum(2) == before);
        }
    }

    [Fact]
    public void A_refused_program_is_told_in_two_lines_of_the_verifiers_log()
    {
        using var refused = Kernel.Open("refused.bpf.o");
        var exception = Assert.Throws<BpfException>(refused.Load);
        Assert.Equal(Errno.EACCES, exception.Errno);
        Assert.Equal("refused", exception.ObjectName);
        Assert.Contains("EACCES (Permission denied)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("\nVerifier: R1 invalid mem access 'scalar'\n  at: return *(volatile int *)0x1234; @ refused.bpf.c:", exception.Message, StringComparison.Ordinal);
        Assert.Contains("prog 'reads_anywhere'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("processed", exception.VerifierLog, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_left_out_is_not_verified()
    {
        using var refused = Kernel.Open("refused.bpf.o");
        refused.GetProgram("reads_anywhere").AutoLoad = false;
        refused.Load();
        Assert.False(refused.GetProgram("reads_anywhere").AutoLoad);
        Assert.True(refused.IsLoaded);
    }

    [Fact]
    public void Bytes_that_are_no_object_are_refused()
    {
        Kernel.Require();
        var exception = Assert.Throws<BpfException>(() => BpfObject.Open("no ELF at all"u8, "nonsense"));
        Assert.Contains("nonsense", exception.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, exception.Errno);
    }

    [Fact]
    public void The_log_goes_to_the_callback_on_the_calling_thread()
    {
        var lines = new List<(BpfLogLevel Level, string Line)>();
        var threads = new HashSet<int>();
        using (var test = Kernel.Open(log: (level, line) => { lines.Add((level, line)); threads.Add(Environment.CurrentManagedThreadId); }, verbosity: BpfLogLevel.Debug))
        {
            test.Load();
        }

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        Assert.Contains(lines, l => l.Level == BpfLogLevel.Debug && l.Line.Contains("map 'hash'", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Line.StartsWith("libbpf:", StringComparison.Ordinal) || l.Line.EndsWith('\n'));
    }

    [Fact]
    public void Nothing_of_it_is_left_in_the_kernel_after_dispose()
    {
        int[] programs, maps;
        int linkId;
        using (var test = Kernel.Load())
        using (var link = test.GetProgram("on_sys_enter").Attach())
        using (var reader = new RingBufferReader(test.GetMap("ring")))
        using (var mapped = new MappedArray(test.GetMap("mapped")))
        {
            programs = [.. test.Programs.Where(p => p.AutoLoad).Select(p => p.GetInfo().Id)];
            maps = [.. test.Maps.Select(m => m.Id)];
            linkId = link.Id;
            Assert.All(programs, id => Assert.True(Lives(LibBpf.bpf_prog_get_fd_by_id((uint)id))));
            Assert.All(maps, id => Assert.True(Lives(LibBpf.bpf_map_get_fd_by_id((uint)id))));
            Assert.True(Lives(LibBpf.bpf_link_get_fd_by_id((uint)linkId)));
        }

        var deadline = TimeSpan.FromSeconds(30);
        Assert.All(programs, id => Assert.True(Kernel.Eventually(() => !Lives(LibBpf.bpf_prog_get_fd_by_id((uint)id)), deadline)));
        Assert.All(maps, id => Assert.True(Kernel.Eventually(() => !Lives(LibBpf.bpf_map_get_fd_by_id((uint)id)), deadline)));
        Assert.True(Kernel.Eventually(() => !Lives(LibBpf.bpf_link_get_fd_by_id((uint)linkId)), deadline));

        static bool Lives(int fd) => fd >= 0 ? LibC.close(fd) == 0 : fd != -Errno.ENOENT ? throw new InvalidOperationException($"{fd}") : false;
    }

    [Fact]
    public void After_dispose_everything_says_so()
    {
        var test = Kernel.Load();
        var map = new BpfArrayMap<ulong>(test.GetMap("array"));
        test.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map[0]);
        Assert.Throws<ObjectDisposedException>(() => test.GetProgram("produce").TestRun());
        Assert.Throws<ObjectDisposedException>(() => test.Btf.GetVariable(".bss", "scratch"));
        test.Dispose();
    }
}
