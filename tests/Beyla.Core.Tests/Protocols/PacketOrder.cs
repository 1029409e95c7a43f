namespace Beyla.Core.Tests.Protocols;

/// <summary>The orders in which the kernel may report what happened, and when.</summary>
internal static class PacketOrder
{
    /// <summary>Swaps neighbours of different direction, as two threads of a process can have their I/O reported.</summary>
    internal static List<Packet> Shuffle(List<Packet> packets, int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i + 1 < packets.Count; i++)
            {
                if (packets[i].Direction != packets[i + 1].Direction && random.Next(3) == 0)
                {
                    (packets[i], packets[i + 1]) = (packets[i + 1], packets[i]);
                }
            }
        }

        return packets;
    }

    /// <summary>Lets some packets come only after a pause in which nothing happened.</summary>
    internal static void Pause(List<Packet> packets, Random random)
    {
        const long pause = 2_000_000_000;
        var late = 0L;
        for (var i = 0; i < packets.Count; i++)
        {
            late += random.Next(8) == 0 ? pause : 0;
            packets[i] = packets[i] with { Time = packets[i].Time + late };
        }
    }
}
