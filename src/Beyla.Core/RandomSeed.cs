using System.Runtime.InteropServices;

namespace Beyla;

/// <summary>
/// Random words of the operating system, for seeds and secrets. The generator of System.Security.Cryptography would load
/// OpenSSL: 3.4 MB of memory for a few bytes, and a library that a small image need not have.
/// </summary>
internal static class RandomSeed
{
    /// <summary>A word of which every bit is random.</summary>
    internal static ulong Next()
    {
        // The six bits of a random UUID that are not random lie in different places of its halves.
        var id = Guid.NewGuid();
        var halves = MemoryMarshal.Cast<byte, ulong>(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in id)));
        return halves[0] ^ halves[1];
    }
}
