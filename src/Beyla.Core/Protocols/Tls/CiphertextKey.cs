using System.Runtime.InteropServices;
using Beyla.Capture;

namespace Beyla.Protocols.Tls;

/// <summary>
/// The first bytes of the content of an encrypted record, by which a record that a library makes or takes is found again
/// among those on the sockets of its process.
/// </summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Direction">As the process sees it.</param>
/// <param name="Content">The bytes; at least half of them are ciphertext under a key of one connection.</param>
internal readonly record struct CiphertextKey(int ProcessId, SocketDirection Direction, UInt128 Content)
{
    internal const int Length = 16;

    /// <param name="processId">The process.</param>
    /// <param name="direction">As the process sees it.</param>
    /// <param name="content">What follows the record's header, at least <see cref="Length"/> bytes.</param>
    internal static CiphertextKey From(int processId, SocketDirection direction, ReadOnlySpan<byte> content) =>
        new(processId, direction, MemoryMarshal.Read<UInt128>(content));
}
