using System.Text;
using Beyla.Capture;

namespace Beyla.Core.Tests.Protocols;

/// <summary>What the two sides of a connection write, and how the kernel would report it.</summary>
internal sealed class Conversation(SocketDirection requests)
{
    internal const int TailBytes = 16;

    // The streams wrap around at 2^32 in the middle of most conversations.
    private const uint RequestBase = uint.MaxValue - 20;
    private const uint ResponseBase = uint.MaxValue - 60;

    private readonly List<(bool IsRequest, byte[] Bytes)> _writes = [];

    internal Conversation Request(string text) => Request(Encoding.Latin1.GetBytes(text));

    internal Conversation Request(byte[] bytes)
    {
        _writes.Add((true, bytes));
        return this;
    }

    internal Conversation Response(string text) => Response(Encoding.Latin1.GetBytes(text));

    internal Conversation Response(byte[] bytes)
    {
        _writes.Add((false, bytes));
        return this;
    }

    internal int Bytes => _writes.Sum(write => write.Bytes.Length);

    internal int Writes => _writes.Count;

    /// <summary>One packet for each write.</summary>
    internal List<Packet> ToPackets(int budget = int.MaxValue) => ToPackets(budget, _ => [0]);

    /// <summary>Each write in two at <paramref name="offset"/> bytes from the conversation's beginning.</summary>
    internal List<Packet> SplitAt(int offset, int budget = int.MaxValue)
    {
        var begin = 0;
        return ToPackets(budget, length =>
        {
            var local = offset - begin;
            begin += length;
            return local > 0 && local < length ? [0, local] : [0];
        });
    }

    internal List<Packet> OneByteEach(int budget = int.MaxValue) => ToPackets(budget, length => [.. Enumerable.Range(0, length)]);

    /// <param name="budget">Bytes copied of each turn.</param>
    /// <param name="cut">For a write of the given length, the offsets where its packets begin.</param>
    internal List<Packet> ToPackets(int budget, Func<int, IReadOnlyList<int>> cut)
    {
        var packets = new List<Packet>();
        uint requestEnd = RequestBase, responseEnd = ResponseBase;
        var left = budget;
        bool? last = null;
        foreach (var (isRequest, bytes) in _writes)
        {
            left = last == isRequest ? left : budget;
            last = isRequest;
            var begins = cut(bytes.Length);
            for (var i = 0; i < begins.Count; i++)
            {
                var piece = bytes[begins[i]..(i + 1 < begins.Count ? begins[i + 1] : bytes.Length)];
                var copied = Math.Min(left, piece.Length);
                left -= copied;
                ref var end = ref isRequest ? ref requestEnd : ref responseEnd;
                end += (uint)piece.Length;
                packets.Add(new Packet(
                    isRequest ? requests : Opposite(requests),
                    end,
                    isRequest ? responseEnd : requestEnd,
                    (uint)piece.Length,
                    piece[..copied],
                    copied < piece.Length ? piece[Math.Max(0, piece.Length - TailBytes)..] : [],
                    (packets.Count + 1) * 1000L));
            }
        }

        return packets;
    }

    internal static SocketDirection Opposite(SocketDirection direction) =>
        direction == SocketDirection.Sent ? SocketDirection.Received : SocketDirection.Sent;
}
