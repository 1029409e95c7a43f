using System.Buffers.Binary;

namespace Beyla.Routing;

/// <summary>Compares byte strings by content; lets tables keyed by <c>byte[]</c> be asked with a span.</summary>
internal sealed class ByteSequence : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    private const ulong Multiplier = 0xD6E8FEB86659FD93;

    // Paths come from strangers: without a secret they could be chosen to collide.
    private static readonly ulong Seed = RandomSeed.Next();

    private ByteSequence()
    {
    }

    internal static ByteSequence Comparer { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => (int)Hash(obj);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Hash(alternate);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    internal static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        var tail = 0UL;
        foreach (var value in bytes)
        {
            tail = (tail << 8) | value;
        }

        return Mix(hash ^ tail);
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ Seed, Multiplier, out var low);
        return high ^ low;
    }
}
