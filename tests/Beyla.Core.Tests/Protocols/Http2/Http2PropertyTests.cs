using Beyla.Capture;
using CsCheck;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>Random connections against what was put into them.</summary>
public sealed class Http2PropertyTests
{
    /// <summary>More on demand, by the environment variable CsCheck_Iter.</summary>
    private static readonly long Iterations = Math.Max(400, Check.Iter);

    private static readonly Gen<int[]> Pieces = Gen.Frequency((4, Gen.Int[0, 40]), (1, Gen.Int[100, 3000])).Array[0, 4];

    private static readonly Gen<TrueStream> Stream = Gen.Select(
        Gen.Bool,
        Gen.Int[0, 3].Select(i => new[] { "GET", "POST", "PUT", "BREW" }[i]),
        Pieces,
        Pieces,
        Gen.Int[200, 599],
        Gen.Int[0, 16],
        Gen.Bool,
        Gen.Frequency((6, Gen.Const(TrueEnd.Whole)), (1, Gen.Const(TrueEnd.ResetByClient)), (1, Gen.Const(TrueEnd.ResetByServer))),
        (isCall, method, request, response, status, grpcStatus, flag, end) =>
            new TrueStream(isCall, method, request, response, status, grpcStatus, flag, HasTrailers: status % 3 == 0, end));

    private static readonly Gen<TrueConnection> Connections = Gen.Select(
        Gen.Bool, Stream.Array[1, 12], Gen.Int, (isServer, streams, seed) => new TrueConnection(isServer ? SocketDirection.Received : SocketDirection.Sent, streams, seed));

    [Fact]
    public void Random_connections_in_random_cuts_are_seen_exactly() =>
        Gen.Select(Connections, Gen.Int, Gen.Bool).Sample(
            (connection, seed, isElided) => connection.CheckExact(Observer.Of(connection.ToPackets(seed, isElided)), isElided),
            iter: Iterations);

    [Fact]
    public void Directions_that_overtake_each_other_change_nothing() =>
        Gen.Select(Connections, Gen.Int).Sample(
            (connection, seed) =>
            {
                var packets = connection.ToPackets(seed, isElided: false);
                var opening = packets.FindIndex(packet => packet.Direction != packets[0].Direction) + 1;
                var observer = Observer.Of(packets.Take(opening).Concat(PacketOrder.Shuffle(packets[opening..], seed)));
                observer.Connection.OnIdle(long.MaxValue, observer);
                connection.CheckExact(observer, isElided: false);
            },
            iter: Iterations);

    [Fact]
    public void Lost_packets_cost_facts_but_make_none_up() =>
        Gen.Select(Connections, Gen.Int, Gen.Bool, Gen.Int[1, 6]).Sample(
            (connection, seed, isElided, losses) =>
            {
                var packets = connection.ToPackets(seed, isElided);
                var random = new Random(seed);
                for (var i = 0; i < losses && packets.Count > 1; i++)
                {
                    packets.RemoveAt(random.Next(packets.Count));
                }

                connection.CheckTruthful(Observer.Of(packets).End(SocketEnd.Closed, long.MaxValue));
            },
            iter: Iterations);

    [Fact]
    public void An_observer_that_comes_later_makes_nothing_up() =>
        Gen.Select(Connections, Gen.Int, Gen.Int[1, 100]).Sample(
            (connection, seed, share) =>
            {
                var packets = connection.ToPackets(seed, isElided: false);
                connection.CheckTruthful(Observer.Of(packets.Skip(packets.Count * share / 100)).End(SocketEnd.Closed, long.MaxValue));
            },
            iter: Iterations);

    [Fact]
    public void Damaged_connections_never_throw_and_end_without_a_trace() =>
        Gen.Select(Connections, Gen.Int, Gen.Int[1, 30]).Sample(
            (connection, seed, damages) =>
            {
                var packets = connection.ToPackets(seed, isElided: false);
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
                        NoBuffer = random.Next(16) == 0,
                        EndPosition = packet.EndPosition + (random.Next(8) == 0 ? (uint)random.Next() : 0),
                    };
                }

                var observer = Observer.Of(packets).End(SocketEnd.Reset, long.MaxValue);
                observer.Connection.OnIdle(long.MaxValue, observer);
                Assert.False(observer.Connection.AwaitsIdle);
            },
            iter: Iterations);

    [Fact]
    public void Frames_full_of_noise_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Bool, Gen.UInt, Gen.UInt).Array[1, 40].Sample(
            segments =>
            {
                var observer = new Observer();
                var time = 0L;
                foreach (var (bytes, isSent, end, opposite) in segments)
                {
                    var direction = isSent ? SocketDirection.Sent : SocketDirection.Received;
                    byte[] frame = [0, 0, (byte)bytes.Length, 1, 5, 0, 0, 0, 1, .. bytes];
                    observer.Feed([new Packet(direction, end, opposite, (uint)frame.Length, frame, [], ++time)]);
                }

                observer.End(SocketEnd.Closed);
                Assert.InRange(observer.Exchanges.Count + observer.Calls.Count, 0, segments.Length);
            },
            iter: Iterations);
}
