using CsCheck;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>Connections between real programs, and such that break the rules, whole, cut anywhere and damaged at random.</summary>
public sealed class CorpusTests
{
    /// <summary>More on demand, by the environment variable CsCheck_Iter.</summary>
    private static readonly long Damages = Math.Max(150, Check.Iter);

    public static TheoryData<string> Names => [.. CorpusFile.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_as_the_file_says(string name)
    {
        if (Environment.GetEnvironmentVariable("BEYLA_APPROVE") == "1")
        {
            CorpusFile.Open(name).Approve();
        }

        var file = CorpusFile.Open(name);
        Assert.Equal(file.Expected, CorpusFile.Describe(file.Conversation.ToPackets()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_seen_alike_when_split_at_any_byte(string name)
    {
        var file = CorpusFile.Open(name);
        for (var offset = 1; offset < file.Conversation.Bytes; offset++)
        {
            var packets = file.Conversation.SplitAt(offset);
            if (file.IsRegular)
            {
                Assert.Equal(file.Expected, CorpusFile.Describe(packets));
            }
            else
            {
                // Where frames are found again depends on where I/Os begin.
                file.CheckPaths(CorpusFile.Observe(packets));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_followed_to_its_end_however_it_is_damaged(string name)
    {
        var file = CorpusFile.Open(name);
        for (var seed = 0; seed < Damages; seed++)
        {
            var random = new Random(seed);
            var cuts = random.Next(1, 4);
            var packets = file.Conversation.ToPackets(int.MaxValue, length => [.. Enumerable.Range(0, Math.Min(cuts, length)).Select(i => i * length / cuts).Distinct()]);
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                Damage(packets, random);
            }

            var observer = CorpusFile.Observe(packets);
            Assert.InRange(observer.Exchanges.Count + observer.Calls.Count, 0, file.Conversation.Bytes / 9);
        }
    }

    private static void Damage(List<Packet> packets, Random random)
    {
        var at = random.Next(packets.Count);
        var packet = packets[at];
        var bytes = packet.Head.ToList();
        switch (random.Next(6))
        {
            case 0 when packets.Count > 1:
                packets.RemoveAt(at);
                return;
            case 1:
                packets.Insert(random.Next(packets.Count), packet);
                return;
            case 2:
                bytes.InsertRange(random.Next(bytes.Count), bytes.Take(random.Next(bytes.Count)).ToArray());
                break;
            case 3:
                bytes.RemoveRange(0, random.Next(bytes.Count));
                break;
            default:
                for (var i = random.Next(1, 8); i > 0; i--)
                {
                    bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
                }

                break;
        }

        packets[at] = packet with { Head = [.. bytes], Length = (uint)bytes.Count };
    }
}
