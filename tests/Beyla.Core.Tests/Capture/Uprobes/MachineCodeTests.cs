using Beyla.Capture.Uprobes.Code;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Core.Tests.Capture.Uprobes;

public sealed class MachineCodeTests
{
    [Theory]
    [InlineData(Binary.LibSsl)]
    [InlineData(Binary.LibGnuTls)]
    [InlineData("/usr/bin/node")]
    public void Instructions_begin_where_objdump_sees_them_begin(string path)
    {
        Assert.SkipUnless(File.Exists(path), $"{path} is not installed.");
        var image = Binary.Open(path);
        var functions = Binary.Functions(path, "--dyn-syms")
            .Where(function => function.Size > 0 && (function.Name.StartsWith("SSL_", StringComparison.Ordinal) || function.Name.StartsWith("gnutls_", StringComparison.Ordinal)))
            .DistinctBy(function => function.Address)
            .OrderBy(function => function.Address)
            .ToList();
        Assert.True(functions.Count > 100);

        // One run of objdump over all of it; between the functions there may be data.
        var expected = Binary.Disassemble(path, functions[0].Address, functions[^1].Address + functions[^1].Size)
            .Select(instruction => instruction.Address)
            .ToHashSet();
        foreach (var (name, address, size) in functions)
        {
            Assert.True(image.TryToCodeOffset(address, out var offset));
            var code = image.ReadCode(new ElfFunction(name, address, offset, size), int.MaxValue);
            var addresses = MachineCode.Decode(code, address).Select(instruction => instruction.IP).ToList();

            Assert.True(addresses.Count > 0, name);
            Assert.True(addresses.All(expected.Contains), name);
            Assert.Equal(expected.Count(other => other >= address && other < address + size), addresses.Count);
        }
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
}
