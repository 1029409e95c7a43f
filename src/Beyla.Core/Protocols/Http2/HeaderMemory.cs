using System.Buffers;

namespace Beyla.Protocols.Http2;

/// <summary>
/// What all connections together keep of headers. Each has bounds of its own, but peers decide how many of them there are and
/// may leave a block unfinished on each. Small pieces are free: their number is bounded by that of connections and streams.
/// </summary>
/// <param name="counters">Where it counts what it refuses.</param>
/// <param name="limit">Most bytes in pieces that are not small.</param>
internal sealed class HeaderMemory(ProtocolCounters counters, long limit)
{
    /// <summary>Largest piece that is small.</summary>
    internal const int SmallBytes = 1024;

    /// <summary>Bytes in use in pieces that are not small.</summary>
    internal long Taken { get; private set; }

    /// <returns>Whether there is room; whoever has it gives it back.</returns>
    internal bool TryTake(int bytes)
    {
        if (bytes <= SmallBytes)
        {
            return true;
        }

        if (Taken + bytes > limit)
        {
            counters.HeaderMemoryFull++;
            return false;
        }

        Taken += bytes;
        return true;
    }

    internal void Give(int bytes) => Taken -= bytes > SmallBytes ? bytes : 0;

    /// <returns><see langword="null"/> when there is no room.</returns>
    internal byte[]? TryRent(int minimumLength)
    {
        var array = ArrayPool<byte>.Shared.Rent(minimumLength);
        if (TryTake(array.Length))
        {
            return array;
        }

        ArrayPool<byte>.Shared.Return(array);
        return null;
    }

    /// <summary>Takes back what was rented and leaves an empty array in its place.</summary>
    internal void Return(ref byte[] array)
    {
        if (array.Length > 0)
        {
            Give(array.Length);
            ArrayPool<byte>.Shared.Return(array);
            array = [];
        }
    }
}
