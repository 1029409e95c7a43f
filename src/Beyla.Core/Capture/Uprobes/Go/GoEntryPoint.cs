using Beyla.Capture.Uprobes.Code;
using Beyla.Capture.Uprobes.Elf;
using Iced.Intel;

namespace Beyla.Capture.Uprobes.Go;

/// <summary>A function of a Go executable whose address the file's entry point gives away.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Address">Its virtual address.</param>
internal readonly record struct GoEntryPoint(string Function, ulong Address)
{
    private const int StartBytes = 64;

    internal static GoEntryPoint? Find(ElfImage image)
    {
        if (!image.TryToCodeOffset(image.EntryPoint, out var offset))
        {
            return null;
        }

        var code = image.Window.UpTo(offset, StartBytes).ToArray();
        foreach (var instruction in MachineCode.Decode(code, image.EntryPoint))
        {
            // Go's linker: a lone jump. The system's: crt1.o, which loads the address of main.
            if (instruction.Mnemonic == Mnemonic.Jmp && instruction.IP == image.EntryPoint)
            {
                return new GoEntryPoint("_rt0_amd64_linux", image.EntryPoint);
            }

            if (instruction.Op0Kind == OpKind.Register && instruction.Op0Register == Register.RDI)
            {
                return instruction.Mnemonic switch
                {
                    Mnemonic.Lea when instruction.IsIPRelativeMemoryOperand => new GoEntryPoint("main", instruction.IPRelativeMemoryAddress),
                    Mnemonic.Mov when instruction.Op1Kind == OpKind.Immediate32to64 => new GoEntryPoint("main", (ulong)instruction.Immediate32to64),
                    _ => null,
                };
            }
        }

        return null;
    }
}
