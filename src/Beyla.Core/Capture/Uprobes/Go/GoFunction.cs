using System.Collections.Immutable;
using Beyla.Capture.Uprobes.Code;
using Iced.Intel;

namespace Beyla.Capture.Uprobes.Go;

/// <summary>What the code of a compiled Go function tells.</summary>
/// <param name="HasRegisterAbi">Whether arguments come in registers (Go 1.17); <see langword="null"/> when the function doesn't show it.</param>
/// <param name="GoroutineFromFsBase">Without that, where the goroutine is in the thread's local storage.</param>
/// <param name="Returns">Distances of its RET instructions from its start, rising; none when the code could not be read to its end.</param>
internal readonly record struct GoFunction(bool? HasRegisterAbi, short? GoroutineFromFsBase, ImmutableArray<int> Returns)
{
    // The check for a stack to grow is the first that a function does.
    private const int CheckInstructions = 4;

    /// <param name="code">The whole function.</param>
    /// <param name="address">Its virtual address.</param>
    internal static GoFunction Read(byte[] code, ulong address)
    {
        var returns = ImmutableArray.CreateBuilder<int>();
        bool? hasRegisterAbi = null;
        short? goroutine = null;
        long? constant = null;
        var count = 0;
        var end = 0;
        foreach (var instruction in MachineCode.Decode(code, address))
        {
            end = (int)(instruction.NextIP - address);
            if (instruction.FlowControl == FlowControl.Return)
            {
                returns.Add((int)(instruction.IP - address));
            }

            if (count++ >= CheckInstructions || hasRegisterAbi is not null)
            {
                continue;
            }

            if (instruction.Mnemonic == Mnemonic.Cmp && instruction.MemoryBase == Register.R14)
            {
                hasRegisterAbi = true;
            }
            else if (instruction.Mnemonic == Mnemonic.Mov && instruction.MemorySegment == Register.FS)
            {
                // Directly, or in position-independent code by a register that was loaded just before.
                hasRegisterAbi = false;
                var offset = instruction.MemoryBase == Register.None ? (long)instruction.MemoryDisplacement64 : constant;
                goroutine = offset is >= short.MinValue and <= short.MaxValue ? (short)offset : null;
            }
            else if (instruction.Mnemonic == Mnemonic.Mov && instruction.Op1Kind == OpKind.Immediate32to64)
            {
                constant = instruction.Immediate32to64;
            }
        }

        return new GoFunction(hasRegisterAbi, goroutine, end == code.Length ? returns.ToImmutable() : []);
    }
}
