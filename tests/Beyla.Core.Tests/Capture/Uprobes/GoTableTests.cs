using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes;
using Beyla.Capture.Uprobes.Go;
using CsCheck;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>Every form of the table, without a Go toolchain.</summary>
public sealed class GoTableTests
{
    private const string Read = "crypto/tls.(*Conn).Read";
    private const string Write = "crypto/tls.(*Conn).Write";

    // cmp 0x10(%r14),%rsp; jbe; push %rbp; ret; ret
    private static readonly byte[] RegisterCode = [0x49, 0x3b, 0x66, 0x10, 0x0f, 0x86, 0x10, 0, 0, 0, 0x55, 0xc3, 0xc3];

    // mov %fs:-8,%rcx; cmp 0x10(%rcx),%rsp; jbe; ret
    private static readonly byte[] StackCode = [0x64, 0x48, 0x8b, 0x0c, 0x25, 0xf8, 0xff, 0xff, 0xff, 0x48, 0x3b, 0x61, 0x10, 0x0f, 0x86, 0x10, 0, 0, 0, 0xc3];

    [Theory]
    [InlineData(nameof(PcLineTableFormat.Go12), true)]
    [InlineData(nameof(PcLineTableFormat.Go116), true)]
    [InlineData(nameof(PcLineTableFormat.Go118), true)]
    [InlineData(nameof(PcLineTableFormat.Go120), true)]
    [InlineData(nameof(PcLineTableFormat.Go120), false)]
    public void Functions_are_found_in_every_form_of_the_table(string format, bool tellsTextStart)
    {
        // The same text ends another name.
        var file = GoTableFile.With(
            Enum.Parse<PcLineTableFormat>(format), RegisterCode, tellsTextStart, "_rt0_amd64_linux", "main.main", "x" + Read, Read, Write);

        var code = Assert.Single(TlsProviders.Find(new MemoryByteSource(file), isExecutable: true));

        Assert.Equal([Read, Write], code.Sites.Select(site => site.Function));
        Assert.Equal([GoTableFile.OffsetOf(3) + 4, GoTableFile.OffsetOf(4) + 4], code.Sites.Select(site => site.Entry));
        Assert.Equal([GoTableFile.OffsetOf(3) + 11L, GoTableFile.OffsetOf(3) + 12], code.Sites[0].Returns.ToArray());
        Assert.All(code.Sites, site => Assert.Equal(ProbeArguments.GoRegisters, site.Arguments));
    }

    [Fact]
    public void The_code_says_that_arguments_are_on_the_stack_and_where_the_goroutine_is()
    {
        var file = GoTableFile.With(PcLineTableFormat.Go116, StackCode, tellsTextStart: true, Read, Write);

        var code = Assert.Single(TlsProviders.Find(new MemoryByteSource(file), isExecutable: true));

        Assert.All(code.Sites, site => Assert.Equal(ProbeArguments.GoStack, site.Arguments));
        Assert.Equal((short)-8, code.Layout.GoroutineFromFsBase);

        // At the jbe: the kernel emulates it, and the stack pointer is as it was.
        Assert.Equal(GoTableFile.OffsetOf(0) + 13, code.Sites[0].Entry);
    }

    [Fact]
    public void Without_a_start_of_the_text_nothing_is_guessed()
    {
        var file = GoTableFile.With(PcLineTableFormat.Go120, RegisterCode, tellsTextStart: false, "main.main", Read, Write);

        Assert.Empty(TlsProviders.Find(new MemoryByteSource(file), isExecutable: true));
    }

    [Fact]
    public void A_function_whose_code_shows_no_ABI_is_not_covered()
    {
        // push %rbp; ret
        var file = GoTableFile.With(PcLineTableFormat.Go120, [0x55, 0xc3], tellsTextStart: true, Read, Write);

        var code = Assert.Single(TlsProviders.Find(new MemoryByteSource(file), isExecutable: true));

        Assert.Empty(code.Sites);
        Assert.Contains("of an unknown form", code.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void No_damage_to_a_table_throws()
    {
        PcLineTableFormat[] formats = [PcLineTableFormat.Go12, PcLineTableFormat.Go116, PcLineTableFormat.Go118, PcLineTableFormat.Go120];
        var files = formats.Select(format => GoTableFile.With(format, RegisterCode, tellsTextStart: true, "_rt0_amd64_linux", Read, Write)).ToArray();
        Gen.Int[0, files.Length - 1].SelectMany(index => Gen.Select(
            Gen.Const(files[index]),
            Gen.Select(Gen.OneOf(Gen.Int[0, 176], Gen.Int[GoTableFile.OffsetOf(3), files[index].Length - 1]), Gen.Byte).Array[1, 6],
            Gen.Int[0, files[index].Length])).Sample(
            (file, patches, length) => TlsProviders.Find(new PatchedSource(file, length, patches), isExecutable: true).Length <= 1,
            iter: 20_000);
    }
}
