using System.Text;
using Beyla.Capture;
using Beyla.Protocols;
using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Protocols;

public sealed class TrackedConnectionTests
{
    private const string Get = "GET / HTTP/1.1\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("\x16\x03\x01\x02\x00\x01\x00\x01")]
    [InlineData("\x17\x03\x03")]
    public void Tls_is_known_by_its_first_record(string bytes)
    {
        var observer = Observer.Of(new Conversation(SocketDirection.Received).Request(bytes).ToPackets());
        Assert.Equal(ProtocolVerdict.Tls, observer.Connection.Verdict);
    }

    [Theory]
    [InlineData("*1\r\n$4\r\nPING\r\n", "+PONG\r\n")]
    [InlineData("\0\0\0\x10rest", "\0\0\0\x0cmore")]
    [InlineData("EHLO me\r\n", "250 hello\r\n")]
    [InlineData("PUBLISH a 1\r\n", "+OK\r\n")]
    [InlineData("SUBSCRIBE", "hello")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", "SSH-2.0-OpenSSH_9.7\r\n")]
    public void A_strange_protocol_is_given_up_after_a_few_turns(string request, string response)
    {
        var conversation = new Conversation(SocketDirection.Received);
        for (var i = 0; i < 40; i++)
        {
            conversation.Request(request).Response(response);
        }

        var observer = Observer.Of(conversation.ToPackets());
        Assert.Equal(ProtocolVerdict.NotMine, observer.Connection.Verdict);
        Assert.Equal(1, observer.Counters.NotMineConnections);
        Assert.Empty(observer.Exchanges);
    }

    [Fact]
    public void Two_strange_turns_condemn_nothing()
    {
        var observer = Observer.Of(new Conversation(SocketDirection.Received)
            .Request("the rest of a body").Response("the rest of a page").Request(Get).Response(Ok).ToPackets());
        Assert.Equal(ProtocolVerdict.Recognized, observer.Connection.Verdict);
        Assert.Equal("GET / @ 200 0/0 Framed", Assert.Single(observer.Exchanges).Summary);
    }

    [Fact]
    public void The_rest_of_a_long_transfer_condemns_nothing()
    {
        var conversation = new Conversation(SocketDirection.Sent).Request("rest");
        for (var i = 0; i < 1000; i++)
        {
            conversation.Response("more of it");
        }

        var observer = Observer.Of(conversation.Request(Get).Response(Ok).ToPackets(budget: 100));
        Assert.Equal("GET / @ 200 0/0 Framed", Assert.Single(observer.Exchanges).Summary);
    }

    [Fact]
    public void Content_that_looked_like_a_message_does_not_settle_the_roles()
    {
        var observer = Observer.Of(new Conversation(SocketDirection.Received)
            .Request(Ok).Response("rest").Request(Get).Response("x").Request(Get).Response(Ok).ToPackets());
        Assert.Equal("GET / @ 200 0/0 Framed", observer.Exchanges[^1].Summary);
        Assert.Equal(Tracing.SpanKind.Server, observer.Exchanges[^1].Kind);
    }

    [Fact]
    public void The_rest_of_a_message_is_not_taken_for_one_after_the_connection_was_given_up()
    {
        // Strange bytes after an HTTP message that nothing confirmed; then a method cut in two, whose second half looks like one.
        var packets = new Conversation(SocketDirection.Received)
            .Request("GET / HTTP/1.1\r\n\r\n\x01").Response("x").Request("M-SE").Request("ARCH /a HTTP/1.1\r\n\r\n").Response(Ok)
            .Request(Get).Response(Ok).ToPackets();
        packets.RemoveAt(2);
        Assert.Equal("GET / @ 200 0/0 Framed", Assert.Single(Observer.Of(packets).Exchanges).Summary);
    }

    [Fact]
    public void An_IO_without_a_byte_is_nobodys_turn()
    {
        var packets = new Conversation(SocketDirection.Received).Request(Get).Response(Ok).ToPackets();
        packets.Insert(0, packets[0] with { EndPosition = packets[0].EndPosition - packets[0].Length, Length = 0, Head = [] });
        Assert.Equal("GET / @ 200 0/0 Framed", Assert.Single(Observer.Of(packets).Exchanges).Summary);
    }

    [Fact]
    public void An_upgraded_connection_is_left_alone()
    {
        var observer = Observer.Of(new Conversation(SocketDirection.Received).Request(Get).Response("HTTP/1.1 101 Switching Protocols\r\n\r\n").ToPackets());
        Assert.Equal(ProtocolVerdict.Upgraded, observer.Connection.Verdict);
        Assert.Equal(1, observer.Counters.UpgradedConnections);
    }

    [Fact]
    public void Trackers_are_reused_without_memory_of_the_past()
    {
        var registry = new ProtocolRegistry();
        var sink = new Observer();
        var halfway = new Conversation(SocketDirection.Received).Request(Get + "POST /x HTTP/1.1\r\nContent-").Response("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").ToPackets();
        var whole = new Conversation(SocketDirection.Sent).Request(Get).Response(Ok).ToPackets();
        for (var i = 0; i < 10; i++)
        {
            var connection = registry.Rent();
            foreach (var packet in i % 2 == 0 ? halfway : whole)
            {
                connection.OnSegment(packet.ToSegment(), sink);
            }

            registry.Return(connection);
        }

        Assert.Equal(5, sink.Exchanges.Count);
        Assert.All(sink.Exchanges, seen => Assert.Equal("GET / @ 200 0/0 Framed", seen.Summary));
    }

    [Fact]
    public void Following_a_connection_allocates_nothing_once_it_runs()
    {
        var registry = new ProtocolRegistry();
        var sink = new CountingSink();
        var connection = registry.Rent();
        var request = Encoding.ASCII.GetBytes("POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
        var response = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        uint received = 1, sent = 1;
        Assert.Equal(0, Allocations.Of(Exchange));
        Assert.InRange(sink.Count, 2, Allocations.MaxRuns);

        void Exchange()
        {
            received += (uint)request.Length;
            connection.OnSegment(Segment(SocketDirection.Received, received, sent, request), sink);
            sent += (uint)response.Length;
            connection.OnSegment(Segment(SocketDirection.Sent, sent, received, response), sink);
        }
    }

    private static SocketSegment Segment(SocketDirection direction, uint end, uint opposite, byte[] bytes) => new()
    {
        Direction = direction,
        ProcessId = 1,
        TimeNanoseconds = 1,
        EndPosition = end,
        OppositePosition = opposite,
        Length = (uint)bytes.Length,
        Head = bytes,
    };

    private sealed class CountingSink : IExchangeSink
    {
        internal int Count { get; private set; }

        public void Emit(Exchange exchange) => Count++;
    }
}
