using Iced.Intel;

namespace Beyla.Capture.Uprobes.Code;

/// <summary>The registers that carry arguments into a function.</summary>
internal static class ArgumentRegisters
{
    /// <summary>C and Rust on x86-64; the first five, no probed function has more that matter.</summary>
    internal static readonly Register[] SystemV = [Register.RDI, Register.RSI, Register.RDX, Register.RCX, Register.R8];

    /// <summary>Go since 1.17: the first three and the goroutine.</summary>
    internal static readonly Register[] Go = [Register.RAX, Register.RBX, Register.RCX, Register.R14];
}
