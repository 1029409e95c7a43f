using Iced.Intel;

namespace Beyla.Capture.Uprobes.Code;

/// <summary>The call (or jump) to which a thin wrapper comes down, handing on its first three arguments.</summary>
/// <param name="Target">Virtual address of what it calls.</param>
/// <param name="IsJump">Whether it jumps there for good.</param>
/// <param name="Fourth">What the fourth argument of the call is.</param>
/// <param name="Fifth">What the fifth argument of the call is.</param>
internal readonly record struct WrapperCall(ulong Target, bool IsJump, WrapperValue Fourth, WrapperValue Fifth)
{
    private const int MaxInstructions = 24;

    /// <param name="code">The wrapper.</param>
    /// <param name="address">Its virtual address.</param>
    /// <returns><see langword="null"/> when the wrapper does anything else before its first call.</returns>
    internal static WrapperCall? Find(byte[] code, ulong address)
    {
        // Which of its arguments a register holds is told apart by number for the first three only.
        var values = new Dictionary<Register, (WrapperValue Kind, int Number)>
        {
            [Register.RDI] = (WrapperValue.Argument, 1),
            [Register.RSI] = (WrapperValue.Argument, 2),
            [Register.RDX] = (WrapperValue.Argument, 3),
            [Register.RCX] = (WrapperValue.Argument, 0),
            [Register.R8] = (WrapperValue.Argument, 0),
            [Register.RSP] = (WrapperValue.Variable, 0),
        };
        foreach (var instruction in MachineCode.Decode(code, address).Take(MaxInstructions))
        {
            if (instruction.Code is Iced.Intel.Code.Call_rel32_64 or Iced.Intel.Code.Jmp_rel32_64)
            {
                return values[Register.RDI].Number == 1 && values[Register.RSI].Number == 2 && values[Register.RDX].Number == 3
                    ? new WrapperCall(
                        instruction.NearBranchTarget,
                        instruction.Code == Iced.Intel.Code.Jmp_rel32_64,
                        values[Register.RCX].Kind,
                        values[Register.R8].Kind)
                    : null;
            }

            if (!TryFollow(instruction, values))
            {
                break;
            }
        }

        return null;
    }

    private static bool TryFollow(in Instruction instruction, Dictionary<Register, (WrapperValue Kind, int Number)> values)
    {
        var target = instruction.Op0Kind == OpKind.Register ? instruction.Op0Register.GetFullRegister() : Register.None;
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Endbr64 or Mnemonic.Nop or Mnemonic.Test or Mnemonic.Cmp or Mnemonic.Push:
            case Mnemonic.Mov when target == Register.None:
            case Mnemonic.Sub when target == Register.RSP:
                return true;

            // A length may be widened on its way.
            case Mnemonic.Mov or Mnemonic.Movsxd when instruction.Op1Kind == OpKind.Register:
                values[target] = values.GetValueOrDefault(instruction.Op1Register.GetFullRegister());
                return true;
            case Mnemonic.Lea:
                values[target] = instruction.MemoryBase == Register.RSP ? values[Register.RSP] : default;
                return true;
            case Mnemonic.Mov or Mnemonic.Xor or Mnemonic.And or Mnemonic.Movzx:
                values[target] = default;
                return true;
            default:
                return instruction.IsJccShortOrNear;
        }
    }
}
