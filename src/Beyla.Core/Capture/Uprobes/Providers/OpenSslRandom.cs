using Beyla.Capture.Uprobes.Code;
using Iced.Intel;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// Where a session of OpenSSL keeps the random of its ClientHello, read off the code of the function that copies it out. A
/// mistake here ties nothing wrongly: a random counts only when a ClientHello with the same was seen.
/// </summary>
internal static class OpenSslRandom
{
    internal const string Getter = "SSL_get_client_random";

    // Before it lie at least the method, the BIOs and the state.
    private const ulong SmallestOffset = 0x40;
    private const ulong LargestOffset = 0x2000;

    /// <summary>The offset of the random, and of the pointer to what holds it if the session itself does not (OpenSSL 1.1).</summary>
    internal static TlsLayout LayoutOf(TlsCandidate candidate)
    {
        if (!candidate.Functions.TryGetValue(Getter, out var function) || function.Size == 0)
        {
            return default;
        }

        var holders = new Dictionary<Register, ushort>();
        foreach (var instruction in MachineCode.Decode(candidate.CodeOf(function), function.Address))
        {
            if (instruction.Op1Kind != OpKind.Memory || instruction.MemoryIndex != Register.None
                || instruction.MemoryDisplacement64 is < SmallestOffset or > LargestOffset)
            {
                continue;
            }

            var offset = (ushort)instruction.MemoryDisplacement64;
            var isHeld = holders.TryGetValue(instruction.MemoryBase, out var holder);
            if (!isHeld && instruction.MemoryBase != Register.RDI)
            {
                continue;
            }

            switch (instruction.Mnemonic)
            {
                case Mnemonic.Lea:
                    return new TlsLayout { ClientRandomHolder = isHeld ? holder : null, ClientRandom = offset };
                case Mnemonic.Mov when !isHeld && instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsGPR64():
                    holders[instruction.Op0Register] = offset;
                    break;
                default:
                    break;
            }
        }

        return default;
    }
}
