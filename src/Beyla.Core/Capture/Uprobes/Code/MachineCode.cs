using Iced.Intel;

namespace Beyla.Capture.Uprobes.Code;

/// <summary>Decodes x86-64 instructions.</summary>
internal static class MachineCode
{
    /// <summary>
    /// Reads instructions one after another, as they stand, until the end of the bytes or the first that is none. The last one
    /// may be cut off by the end, which counts as none.
    /// </summary>
    /// <param name="code">The bytes.</param>
    /// <param name="address">Virtual address of the first.</param>
    internal static IEnumerable<Instruction> Decode(byte[] code, ulong address)
    {
        var decoder = Decoder.Create(64, code, address);
        while (decoder.IP - address < (ulong)code.Length)
        {
            var instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                yield break;
            }

            yield return instruction;
        }
    }
}
