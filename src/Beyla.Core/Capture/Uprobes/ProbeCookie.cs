using System.Runtime.CompilerServices;
using Beyla.Capture.Abi;

namespace Beyla.Capture.Uprobes;

/// <summary>Says to the probes, in their attach cookie, what the place is that they are attached to.</summary>
internal static class ProbeCookie
{
    /// <summary>The cookie for a function's entry and return.</summary>
    /// <param name="site">The function.</param>
    /// <param name="layout">Of the library.</param>
    /// <param name="isReturn">Whether it is for an entry probe on a return instruction.</param>
    /// <returns><see langword="null"/> when the probes have no use for the function.</returns>
    internal static ulong? Of(TlsSite site, in TlsLayout layout, bool isReturn = false)
    {
        var role = RoleOf(site.Role);
        var arguments = ArgumentsOf(site.Arguments);
        var isInMemory = arguments == ProbeArguments.GoStack;
        if (role == ProbeRole.None || arguments == ProbeArguments.None || (isInMemory && layout.GoroutineFromFsBase is not (>= short.MinValue and <= short.MaxValue)))
        {
            return null;
        }

        var place = new ProbeSite
        {
            Role = role,
            Arguments = arguments,
            Flags = (isReturn ? ProbeFlags.Return : 0) | (layout.ClientRandom is null ? 0 : ProbeFlags.Random),
            RandomBase = layout.ClientRandomHolder.GetValueOrDefault(),
            RandomOffset = isInMemory ? (ushort)(short)layout.GoroutineFromFsBase.GetValueOrDefault() : layout.ClientRandom.GetValueOrDefault(),
        };
        return Unsafe.BitCast<ProbeSite, ulong>(place);
    }

    private static ProbeRole RoleOf(TlsRole role) => role switch
    {
        TlsRole.Read => ProbeRole.Read,
        TlsRole.Write => ProbeRole.Write,
        TlsRole.Control => ProbeRole.Control,
        TlsRole.Free => ProbeRole.Free,
        TlsRole.BioRead => ProbeRole.BioRead,
        TlsRole.BioWrite => ProbeRole.BioWrite,
        _ => ProbeRole.None,
    };

    private static ProbeArguments ArgumentsOf(TlsArguments arguments) => arguments switch
    {
        TlsArguments.Session => ProbeArguments.Session,
        TlsArguments.Count => ProbeArguments.Count,
        TlsArguments.CountByPointer => ProbeArguments.CountByPointer,
        TlsArguments.CountByFifthPointer => ProbeArguments.CountByFifthPointer,
        TlsArguments.GoRegisters => ProbeArguments.GoRegisters,
        TlsArguments.GoStack => ProbeArguments.GoStack,
        TlsArguments.Rust => ProbeArguments.Rust,
        TlsArguments.RustVectored => ProbeArguments.RustVectored,
        TlsArguments.RustConnection => ProbeArguments.RustConnection,
        _ => ProbeArguments.None,
    };
}
