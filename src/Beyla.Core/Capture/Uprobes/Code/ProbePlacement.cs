using Iced.Intel;

namespace Beyla.Capture.Uprobes.Code;

/// <summary>
/// Finds the place at which a probe costs least. A hit costs one trap, and a second one when the kernel can't emulate the
/// instruction that the probe replaced; so a probe stands behind <c>endbr64</c> and other instructions that leave the
/// arguments alone, at the first one that the kernel emulates.
/// </summary>
/// <param name="Delta">Bytes behind the start of the function.</param>
/// <param name="Slow">Why a hit costs a second trap all the same; <see langword="null"/> when it doesn't.</param>
internal readonly record struct ProbePlacement(int Delta, string? Slow)
{
    /// <summary>Bytes that are enough to know a prologue.</summary>
    internal const int PrologueBytes = 64;

    /// <param name="code">The function, or as much of it as is known; jumps back into its prologue are looked for in all of it.</param>
    /// <param name="address">Virtual address of the function.</param>
    /// <param name="arguments">Registers that must be as they were at the call.</param>
    /// <param name="keepStack">Whether the return address must still be on top of the stack: for return probes, and for arguments on the stack.</param>
    internal static ProbePlacement Find(byte[] code, ulong address, Register[] arguments, bool keepStack)
    {
        var first = default(Instruction);
        foreach (var instruction in MachineCode.Decode(code, address))
        {
            var delta = (int)(instruction.IP - address);
            if (delta >= PrologueBytes)
            {
                break;
            }

            if (IsEmulated(instruction))
            {
                return IsJumpedTo(code, address, delta) ? Slowly(first) : new ProbePlacement(delta, null);
            }

            if (first.Code == Iced.Intel.Code.INVALID && instruction.Mnemonic != Mnemonic.Endbr64)
            {
                first = instruction;
            }

            if (!LeavesAlone(instruction, arguments, keepStack))
            {
                break;
            }
        }

        return Slowly(first);
    }

    private static ProbePlacement Slowly(in Instruction first) => new(
        0,
        first.Code == Iced.Intel.Code.INVALID
            ? "its first instruction is not known"
            : $"the kernel can't emulate '{first.Mnemonic.ToString().ToLowerInvariant()}', with which it begins");

    // What arch/x86/kernel/uprobes.c emulates in every kernel since 4.16: the forms of jmp, jcc, call, nop and push that it lists.
    private static bool IsEmulated(in Instruction instruction)
    {
        var prefixed = instruction.HasRepePrefix || instruction.HasRepnePrefix || instruction.HasLockPrefix;
        return !prefixed && instruction.Code switch
        {
            Iced.Intel.Code.Jmp_rel8_64 or Iced.Intel.Code.Jmp_rel32_64 or Iced.Intel.Code.Call_rel32_64 => true,
            Iced.Intel.Code.Push_r64 => true,
            Iced.Intel.Code.Nopd => true,
            _ => instruction.IsJccShortOrNear,
        };
    }

    // Only forms whose effect is surely known; all others end the search.
    private static bool LeavesAlone(in Instruction instruction, Register[] arguments, bool keepStack) => instruction.Mnemonic switch
    {
        Mnemonic.Endbr64 or Mnemonic.Nop or Mnemonic.Test or Mnemonic.Cmp => true,
        Mnemonic.Mov or Mnemonic.Lea or Mnemonic.Xor or Mnemonic.Movsxd or Mnemonic.Movzx or Mnemonic.Sub or Mnemonic.And =>
            instruction.Op0Kind != OpKind.Register
            || (instruction.Op0Register.GetFullRegister() is var target
                && Array.IndexOf(arguments, target) < 0
                && (target != Register.RSP || (!keepStack && instruction.Mnemonic == Mnemonic.Sub))),
        _ => false,
    };

    private static bool IsJumpedTo(byte[] code, ulong address, int delta)
    {
        if (delta == 0)
        {
            return false;
        }

        foreach (var instruction in MachineCode.Decode(code, address))
        {
            if ((instruction.IsJccShortOrNear || instruction.IsJmpShortOrNear)
                && instruction.NearBranchTarget - address - 1 < (ulong)delta)
            {
                return true;
            }
        }

        return false;
    }
}
