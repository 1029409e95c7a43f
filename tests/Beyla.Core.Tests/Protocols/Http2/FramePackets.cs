using Beyla.Capture;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>What the kernel hands over of I/Os of which it leaves parts out: pieces, each with the length up to the next one, and nothing of an I/O without a wanted byte.</summary>
internal sealed class FramePackets(SocketDirection requests)
{
    private uint _requestEnd = uint.MaxValue - 20;
    private uint _responseEnd = uint.MaxValue - 60;
    private long _time;

    internal List<Packet> Packets { get; } = [];

    /// <param name="isRequest">Which direction.</param>
    /// <param name="bytes">What was written.</param>
    /// <param name="isWanted">Which bytes are handed over; <see langword="null"/> for all.</param>
    /// <param name="begins">Where I/Os begin.</param>
    internal void Add(bool isRequest, byte[] bytes, bool[]? isWanted, IReadOnlyList<int> begins)
    {
        for (var i = 0; i < begins.Count; i++)
        {
            var end = i + 1 < begins.Count ? begins[i + 1] : bytes.Length;
            _time += 1000;
            AddIo(isRequest, bytes[begins[i]..end], isWanted?[begins[i]..end]);
        }
    }

    private void AddIo(bool isRequest, byte[] bytes, bool[]? isWanted)
    {
        ref var end = ref isRequest ? ref _requestEnd : ref _responseEnd;
        var start = end;
        end += (uint)bytes.Length;
        if (isWanted is not null && !isWanted.Contains(true))
        {
            return;
        }

        for (var at = 0; at < bytes.Length;)
        {
            var known = at;
            while (known < bytes.Length && isWanted?[known] != false)
            {
                known++;
            }

            var next = known;
            while (next < bytes.Length && isWanted?[next] == false)
            {
                next++;
            }

            Packets.Add(new Packet(
                isRequest ? requests : Conversation.Opposite(requests),
                start + (uint)next,
                isRequest ? _responseEnd : _requestEnd,
                (uint)(next - at),
                bytes[at..known],
                [],
                _time));
            at = next;
        }
    }
}
