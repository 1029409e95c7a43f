using Beyla.Capture.Uprobes.Code;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed class MachineCodeTests
{
    /// <summary>The one function of libcrypto with data between its instructions, which either side reads in its way.</summary>
    private const string HasDataInside = "RC4_options";

    [Theory]
    [InlineData(Binary.LibSsl, "")]
    [InlineData(Binary.LibCrypto, "")]
    [InlineData(Binary.LibGnuTls, "gnutls_")]
    [InlineData("/usr/bin/node", "SSL_")]
    public void Instructions_begin_where_objdump_sees_them_begin(string path, string prefix)
    {
        Assert.SkipUnless(File.Exists(path), $"{path} is not installed.");
        Compare(path, Binary.Functions(path, "--dyn-syms").Where(function =>
            function.Name.StartsWith(prefix, StringComparison.Ordinal) && !function.Name.StartsWith(HasDataInside, StringComparison.Ordinal)));
    }

    [Fact]
    public void Instructions_of_Go_begin_where_objdump_sees_them_begin()
    {
        var program = GoPrograms.Of(GoPrograms.Installed()).First().Path;
        Compare(program, Binary.Functions(program, "-s").Where(function => function.Name.StartsWith("crypto/tls.", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_no_instruction_ends_the_reading()
    {
        // push %rbp; an invalid opcode; push %rbp.
        Assert.Single(MachineCode.Decode([0x55, 0x06, 0x55], 0));

        // Cut off in the middle of mov $0x…,%rax.
        Assert.Single(MachineCode.Decode([0x90, 0x48, 0xb8, 0x01], 0));
        Assert.Empty(MachineCode.Decode([], 0));
    }

    private static void Compare(string path, IEnumerable<(string Name, ulong Address, ulong Size)> all)
    {
        var image = Binary.Open(path);
        var functions = all.Where(function => function.Size > 0).DistinctBy(function => function.Address).OrderBy(function => function.Address).ToList();
        Assert.True(functions.Count > 100);

        // One run of objdump over all of it; between the functions there may be data.
        var expected = Binary.Disassemble(path, functions[0].Address, functions[^1].Address + functions[^1].Size).ConvertAll(instruction => instruction.Address);
        foreach (var (name, address, size) in functions)
        {
            Assert.True(image.TryToCodeOffset(address, out var offset));
            var code = image.ReadCode(new ElfFunction(name, address, offset, size), int.MaxValue);
            var start = expected.BinarySearch(address);
            var end = expected.BinarySearch(address + size);
            Assert.True(start >= 0, name);
            Assert.True(expected[start..(end < 0 ? ~end : end)].SequenceEqual(MachineCode.Decode(code, address).Select(instruction => instruction.IP)), name);
        }
    }
}
