using Beyla.Capture;
using CsCheck;

namespace Beyla.Core.Tests.Protocols.Http1;

/// <summary>Random conversations against what was put into them.</summary>
public sealed class Http1PropertyTests
{
    /// <summary>More on demand, by the environment variable CsCheck_Iter.</summary>
    private static readonly long Iterations = Math.Max(3000, Check.Iter);

    private static readonly string[] Methods = ["GET", "POST", "PUT", "HEAD", "DELETE", "M-SEARCH"];

    private static readonly Gen<int> Size = Gen.Frequency((1, Gen.Const(0)), (4, Gen.Int[1, 40]), (1, Gen.Int[1000, 20_000]));

    private static readonly Gen<TrueBody> Body = Gen.OneOf(
        Gen.Const(TrueBody.None),
        Size.Select(TrueBody.Fixed),
        Gen.Int[1, 300].Array[0, 4].Select(TrueBody.Chunked));

    private static readonly Gen<TrueExchange> Exchange = Gen.Select(
        Gen.Int[0, Methods.Length - 1].Select(i => Methods[i]),
        Body,
        Body,
        Gen.Bool,
        Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true))),
        (method, request, response, interim, pipelined) => new TrueExchange(method, request, response, interim, pipelined));

    private static readonly Gen<TrueConversation> Conversations = Gen.Select(
        Gen.Bool, Exchange.Array[1, 8], (isServer, exchanges) => new TrueConversation(isServer ? SocketDirection.Received : SocketDirection.Sent, exchanges));

    [Fact]
    public void Random_conversations_in_random_cuts_are_seen_exactly() =>
        Gen.Select(Conversations, Gen.Int[0, int.MaxValue], Gen.Int[0, 500]).Sample(
            (conversation, seed, spare) =>
            {
                var packets = conversation.ToPackets(seed, conversation.NeededBudget + spare);
                var seen = Observer.Of(packets);
                conversation.CheckExact(seen, packets);
            },
            iter: Iterations);

    [Fact]
    public void Directions_that_overtake_each_other_change_nothing() =>
        Gen.Select(Conversations, Gen.Int[0, int.MaxValue]).Sample(
            (conversation, seed) =>
            {
                var packets = PacketOrder.Shuffle(conversation.ToPackets(seed, conversation.NeededBudget), seed);
                var seen = Observer.Of(packets);
                conversation.CheckExact(seen, packets: null);
            },
            iter: Iterations);

    [Fact]
    public void Lost_packets_cost_exchanges_but_make_none_up() =>
        Gen.Select(Conversations, Gen.Int[0, int.MaxValue], Gen.Int[0, 3], Gen.Bool).Sample(
            (conversation, seed, losses, hasPauses) =>
            {
                var packets = conversation.ToPackets(seed, conversation.NeededBudget);
                var random = new Random(seed);
                if (hasPauses)
                {
                    PacketOrder.Pause(packets, random);
                }

                for (var i = 0; i < losses && packets.Count > 1; i++)
                {
                    // The rest of a first head that was cut in two can't be told from a message.
                    packets.RemoveAt(random.Next(1, packets.Count));
                }

                conversation.CheckTruthful(Observer.Of(packets).End(SocketEnd.Closed, long.MaxValue));
            },
            iter: Iterations);

    [Fact]
    public void Short_head_copies_cost_facts_but_make_none_up() =>
        Gen.Select(Conversations, Gen.Int[0, int.MaxValue], Gen.Int[0, 120]).Sample(
            (conversation, seed, budget) =>
                conversation.CheckTruthful(Observer.Of(conversation.ToPackets(seed, budget)).End(SocketEnd.Closed, long.MaxValue)),
            iter: Iterations);

    [Fact]
    public void Noise_is_never_an_exchange() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Bool, Gen.Bool, Gen.UInt, Gen.UInt).Array[1, 40].Sample(
            segments =>
            {
                var observer = new Observer();
                var time = 0L;
                foreach (var (bytes, isSent, isCut, end, opposite) in segments)
                {
                    var direction = isSent ? SocketDirection.Sent : SocketDirection.Received;
                    var length = (uint)bytes.Length + (isCut ? 100u : 0);
                    observer.Feed([new Packet(direction, end, opposite, length, bytes, isCut ? bytes[..Math.Min(bytes.Length, 16)] : [], ++time)]);
                }

                observer.End(SocketEnd.Closed);
                Assert.Empty(observer.Exchanges);
            },
            iter: Iterations);

    [Fact]
    public void Damaged_conversations_never_throw() =>
        Gen.Select(Conversations, Gen.Int[0, int.MaxValue], Gen.Int[1, 20]).Sample(
            (conversation, seed, damages) =>
            {
                var packets = conversation.ToPackets(seed, 4096);
                var random = new Random(seed);
                for (var i = 0; i < damages; i++)
                {
                    var at = random.Next(packets.Count);
                    var packet = packets[at];
                    var head = (byte[])packet.Head.Clone();
                    if (head.Length > 0)
                    {
                        head[random.Next(head.Length)] = (byte)random.Next(256);
                    }

                    packets[at] = packet with
                    {
                        Head = head,
                        NoBuffer = random.Next(8) == 0,
                        EndPosition = packet.EndPosition + (random.Next(4) == 0 ? (uint)random.Next() : 0),
                    };
                }

                var observer = Observer.Of(packets).End(SocketEnd.Reset, long.MaxValue);
                Assert.True(observer.Exchanges.Count <= conversation.Exchanges.Count + damages);
            },
            iter: Iterations);
}
