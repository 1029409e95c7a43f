using Beyla.Capture.Uprobes.Code;
using Iced.Intel;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// Where a session of OpenSSL keeps its BIOs, read off the code of the functions that return them: the offsets change between
/// releases and no version number in the file tells them.
/// </summary>
internal static class OpenSslLayout
{
    private const string ReadBioGetter = "SSL_get_rbio";
    private const string WriteBioGetter = "SSL_get_wbio";

    internal static IEnumerable<string> Symbols => [ReadBioGetter, WriteBioGetter, OpenSslRandom.Getter];

    internal static TlsLayout Of(TlsCandidate candidate)
    {
        var readBio = FieldReturnedBy(candidate, ReadBioGetter, out var hasKind);
        var (holder, random) = OpenSslRandom.Find(candidate);
        return new TlsLayout
        {
            ReadBio = readBio,
            WriteBio = FieldReturnedBy(candidate, WriteBioGetter, out _),
            HasKind = hasKind,
            ClientRandom = random,
            ClientRandomHolder = holder,
        };
    }

    // The offset of "mov offset(session), %rax" that is followed by a return. Instructions between them may restore and clear
    // other registers; "hasKind" tells that an int at the start of the session is looked at first.
    private static ushort? FieldReturnedBy(TlsCandidate candidate, string getter, out bool hasKind)
    {
        hasKind = false;
        if (!candidate.Functions.TryGetValue(getter, out var function) || function.Size == 0)
        {
            return null;
        }

        var session = Register.RDI;
        ushort? loaded = null;
        foreach (var instruction in MachineCode.Decode(candidate.CodeOf(function), function.Address))
        {
            switch (instruction.Mnemonic)
            {
                case Mnemonic.Mov when instruction.Op0Kind == OpKind.Register && instruction.Op1Kind == OpKind.Register:
                    session = instruction.Op1Register == Register.RDI ? instruction.Op0Register : session;
                    break;
                case Mnemonic.Mov when instruction.Op0Kind == OpKind.Register && instruction.Op1Kind == OpKind.Memory
                    && (instruction.MemoryBase == Register.RDI || instruction.MemoryBase == session) && instruction.MemoryIndex == Register.None:
                    hasKind |= instruction.MemoryDisplacement64 == 0 && instruction.Op0Register.GetSize() == sizeof(int);
                    loaded = instruction.Op0Register == Register.RAX && instruction.MemoryDisplacement64 is > 0 and < 4096
                        ? (ushort)instruction.MemoryDisplacement64
                        : instruction.Op0Register.GetFullRegister() == Register.RAX ? null : loaded;
                    break;
                case Mnemonic.Ret when loaded is not null:
                    return loaded;
                case Mnemonic.Pop or Mnemonic.Nop or Mnemonic.Endbr64:
                case Mnemonic.Xor when instruction.Op0Register.GetFullRegister() != Register.RAX:
                case Mnemonic.Add when instruction.Op0Register == Register.RSP:
                    break;
                default:
                    loaded = null;
                    break;
            }
        }

        return null;
    }
}
