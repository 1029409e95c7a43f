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
    internal static ulong Of(TlsSite site, in TlsLayout layout, bool isReturn = false)
    {
        var place = new ProbeSite
        {
            Role = site.Role,
            Arguments = site.Arguments,
            Flags = (isReturn ? ProbeFlags.Return : 0) | (layout.ClientRandom is null ? 0 : ProbeFlags.Random),
            RandomBase = layout.ClientRandomHolder.GetValueOrDefault(),
            RandomOffset = site.Arguments == ProbeArguments.GoStack
                ? (ushort)layout.GoroutineFromFsBase.GetValueOrDefault()
                : layout.ClientRandom.GetValueOrDefault(),
        };
        return Unsafe.BitCast<ProbeSite, ulong>(place);
    }
}
