using System.Runtime.InteropServices;

namespace Beyla.Protocols.Tls;

/// <summary>The 32 random bytes of a ClientHello (RFC 8446 §4.1.2): both ends of a connection keep them, and no other connection has the same. <c>default</c> stands for unknown.</summary>
internal readonly record struct ClientRandom(ulong A, ulong B, ulong C, ulong D)
{
    internal const int Length = 32;

    internal bool IsUnknown => (A | B | C | D) == 0;

    internal static ClientRandom From(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<ClientRandom>(bytes);
}
