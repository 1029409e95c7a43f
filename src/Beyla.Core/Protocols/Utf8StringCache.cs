using System.Runtime.InteropServices;
using System.Text;

namespace Beyla.Protocols;

/// <summary>
/// Turns bytes into strings and gives the same string for the same bytes while it remembers them. A fixed number of slots,
/// each holding its latest text: memory is bounded and rare texts can't push out more than one frequent one. Not thread-safe.
/// </summary>
internal sealed class Utf8StringCache
{
    private const int MaxCachedBytes = 256;
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private readonly string?[] _slots;

    /// <param name="slots">Number of strings remembered, a power of two.</param>
    internal Utf8StringCache(int slots = 4096)
    {
        if (!int.IsPow2(slots))
        {
            throw new ArgumentOutOfRangeException(nameof(slots), slots, "The number of slots is a power of two.");
        }

        _slots = new string?[slots];
    }

    /// <summary>The text of <paramref name="bytes"/>; malformed UTF-8 shows as U+FFFD.</summary>
    internal string Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "";
        }

        // Only ASCII can be compared with a string without decoding it first; the rest is rare enough to be made anew.
        if (bytes.Length > MaxCachedBytes || !Ascii.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        ref var slot = ref _slots[(int)Hash(bytes) & (_slots.Length - 1)];
        if (slot is null || !Ascii.Equals(bytes, slot))
        {
            slot = Encoding.ASCII.GetString(bytes);
        }

        return slot;
    }

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            hash = (hash << 8) ^ (hash >> 56) ^ value;
        }

        return (uint)(Mix(hash) >> 32);
    }

    private static ulong Mix(ulong value)
    {
        value *= Multiplier;
        return value ^ (value >> 29);
    }
}
