using Beyla.Capture;
using Beyla.Protocols;
using Beyla.Protocols.Http2;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using static Beyla.Core.Tests.Protocols.Http2.Frames;
using static Beyla.Core.Tests.Protocols.Http2.Http2Scenario;

namespace Beyla.Core.Tests.Protocols.Http2;

public sealed class Http2ConnectionTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    // :method POST, :scheme http, :path by the newest entry, :authority by the one before it
    private static readonly byte[] Indexed = [0x83, 0x86, 0xbe, 0xbf];

    private static Conversation Open => new Conversation(SocketDirection.Received).Request(Join(Preface, EmptySettings)).Response(EmptySettings);

    [Fact]
    public void Times_are_those_of_the_first_and_last_bytes()
    {
        var packets = Open.Request(Post(1, "/a")).Request(DataOf(1, "abc")).Response(Of(Headers, EndHeaders, 1, HeaderBlock.Response(200))).Response(DataOf(1, "x")).ToPackets();
        var seen = Assert.Single(Observer.Of(packets).Exchanges);
        Assert.Equal((packets[2].Time, packets[3].Time, packets[4].Time, packets[5].Time), (seen.Start, seen.RequestEnd, seen.ResponseStart, seen.Finish));
        Assert.Equal(("2", SpanKind.Server), (seen.Version, seen.Kind));
    }

    [Fact]
    public void What_is_written_may_be_answered_before_the_write_returns()
    {
        var packets = new Conversation(SocketDirection.Sent).Request(Join(Preface, EmptySettings)).Response(EmptySettings)
            .Request(Get(1, "/a")).Response(Ok(1, "x")).ToPackets();
        var (request, response) = (packets[2] with { Began = 2500, Time = 9000 }, packets[3]);
        var seen = Assert.Single(Observer.Of([packets[0], packets[1], response, request]).Exchanges);
        Assert.Equal((2500, 2500, 4000, 4000), (seen.Start, seen.RequestEnd, seen.ResponseStart, seen.Finish));
    }

    [Fact]
    public void The_duration_of_a_call_is_that_of_its_stream()
    {
        var packets = Open.Request(Call(1, "/p.S/Watch")).Response(CallHead(1)).Response(Of(Data, 0, 1, Message(4))).Request(Of(Data, EndStream, 1)).Response(CallEnd(1, 0)).ToPackets();
        var seen = Assert.Single(Observer.Of(packets).Calls);
        Assert.Equal((packets[2].Time, packets[^1].Time), (seen.Start, seen.Finish));
    }

    [Theory]
    [InlineData("100m", 100_000_000, 4)]
    [InlineData("100m", 91_000_000, 4)]
    [InlineData("100m", 50_000_000, 1)]
    [InlineData("10S", 9_985_000_000, 4)]
    [InlineData("10S", 9_000_000_000, 1)]
    [InlineData(null, 9_000_000_000, 1)]
    public void A_call_that_was_given_up_is_one_that_ran_out_of_time_when_its_time_was_up(string? timeout, long elapsed, int status)
    {
        (string, string)[] fields = timeout is null ? [] : [("grpc-timeout", timeout)];
        var packets = Open.Request(Of(Headers, EndHeaders, 1, HeaderBlock.Call("/p.S/M", fields))).Request(Reset(1, 8)).ToPackets();
        packets[^1] = packets[^1] with { Time = packets[^2].Time + elapsed };
        var seen = Assert.Single(Observer.Of(packets).Calls);
        Assert.Equal((status, SpanEnd.Aborted), (seen.Status, seen.End));
    }

    [Theory]
    [InlineData(10_000_000, null)]
    [InlineData(2_000_000_000, 1)]
    public void A_client_that_may_have_waited_for_its_connection_may_have_run_out_of_time(long age, int? status)
    {
        var packets = new Conversation(SocketDirection.Sent).Request(Join(Preface, EmptySettings)).Response(EmptySettings)
            .Request(Of(Headers, EndHeaders, 1, HeaderBlock.Call("/p.S/M", ("grpc-timeout", "300m")))).Request(Reset(1, 8)).ToPackets();
        packets[2] = packets[2] with { Time = packets[0].Time + age };
        packets[3] = packets[3] with { Time = packets[2].Time + 200_000_000 };
        Assert.Equal(status, Assert.Single(Observer.Of(packets).Calls).Status);
    }

    [Fact]
    public void The_status_of_the_trailers_counts_whatever_came_before()
    {
        var packets = Open.Request(Call(1, "/p.S/M")).Response(Join(CallHead(1), CallEnd(1, 4), Reset(1, 8))).ToPackets();
        var seen = Assert.Single(Observer.Of(packets).Calls);
        Assert.Equal((4, SpanEnd.Framed), (seen.Status, seen.End));
    }

    [Fact]
    public void A_trace_parent_is_taken_over_unless_there_are_two()
    {
        var observer = Observer.Of(Open
            .Request(Of(Headers, EndHeaders | EndStream, 1, HeaderBlock.Request("/one", "GET", ("traceparent", Parent))))
            .Request(Of(Headers, EndHeaders | EndStream, 3, HeaderBlock.Request("/two", "GET", ("traceparent", Parent), ("traceparent", Parent))))
            .Response(Join(Ok(1, "x"), Ok(3, "x"))).ToPackets());
        Assert.Equal(0x0af7651916cd43ddUL, observer.Exchanges[0].TraceParent.TraceIdHigh);
        Assert.True(observer.Exchanges[1].TraceParent.IsNone);
    }

    [Fact]
    public void What_refers_to_headers_from_before_is_unknown()
    {
        var observer = Observer.Of(new Conversation(SocketDirection.Received)
            .Request(Of(Headers, EndHeaders | EndStream, 7, Indexed)).Response(Of(Headers, EndHeaders | EndStream, 7, 0x88))
            .Request(Of(Headers, EndHeaders | EndStream, 9, [0x82, 0x86, 0x44, 2, (byte)'/', (byte)'a', 0x41, 1, (byte)'h'])).Response(Of(Headers, EndHeaders | EndStream, 9, 0x88))
            .Request(Of(Headers, EndHeaders | EndStream, 11, [0x83, 0x86, 0xbf, 0xbe])).Response(Of(Headers, EndHeaders | EndStream, 11, 0xc5)).ToPackets());
        Assert.Equal(["POST ? @ 200 0/0 Framed", "GET /a @h 200 0/0 Framed", "POST /a @h - 0/0 Framed"], observer.Exchanges.Select(seen => seen.Summary));
    }

    [Fact]
    public void Messages_tell_a_call_where_its_headers_are_not_known()
    {
        var observer = Observer.Of(new Conversation(SocketDirection.Received)
            .Request(Join(Of(Headers, EndHeaders, 7, Indexed), Of(Data, EndStream, 7, Message(5))))
            .Response(Join(Of(Headers, EndHeaders, 7, 0x88, 0xbe), Of(Data, 0, 7, Message(6)), Of(Headers, EndHeaders | EndStream, 7, 0xbf)))
            .Request(Join(Of(Headers, EndHeaders, 9, Indexed), DataOf(9, "{\"a\": 1}"))).Response(Join(Of(Headers, EndHeaders, 9, 0x88, 0xbe), DataOf(9, "[]"))).ToPackets());
        Assert.Equal(" @ - http 200 1:5/1:6 Framed", Assert.Single(observer.Calls).Summary);
        Assert.Equal("POST ? @ 200 8/2 Framed", Assert.Single(observer.Exchanges).Summary);
    }

    [Fact]
    public void What_refers_to_headers_that_were_lost_is_unknown_until_new_ones_come()
    {
        var packets = Open.Request(Join(Get(1, "/a"))).Request(Of(Headers, EndHeaders | EndStream, 3, [0x82, 0x86, 0x44, 2, (byte)'/', (byte)'b', 0x41, 1, (byte)'h']))
            .Request(Of(Headers, EndHeaders | EndStream, 5, [0x82, 0x86, 0xbf, 0xbe])).Request(Get(7, "/c"))
            .Response(Join(Ok(1, "1"), Ok(3, "3"), Ok(5, "5"), Ok(7, "7"))).ToPackets();
        packets.RemoveAt(3); // stream 3
        var observer = Observer.Of(packets);
        Assert.Equal(["GET /a @h 200 0/1 Framed", "GET ? @ 200 0/1 Framed", "GET /c @h 200 0/1 Framed"], observer.Exchanges.Select(seen => seen.Summary));
        Assert.Equal((1, 1, 1), (observer.Counters.Gaps, observer.Counters.LostSync, observer.Counters.UnpairedResponses));
    }

    [Fact]
    public void Trailers_of_messages_that_were_missed_tell_no_sizes()
    {
        var packets = Open.Request(Get(1, "/a")).Response(Ok(1, "1"))
            .Request(Join(Of(Headers, EndHeaders, 3, Indexed), Of(Data, 0, 3, "abc"u8.ToArray()))).Response(Join(Of(Headers, EndHeaders, 3, 0x88), Of(Data, 0, 3, "defg"u8.ToArray())))
            .Request(Of(Headers, EndHeaders | EndStream, 3, 0xbe)).Response(Of(Headers, EndHeaders | EndStream, 3, 0xbe)).ToPackets();
        packets.RemoveRange(packets.Count - 4, 2);
        Assert.Equal("? ? @ - -/- Framed", Observer.Of(packets).Exchanges[^1].Summary);
    }

    [Fact]
    public void Nor_is_the_size_told_when_the_end_of_a_response_is_reported_before_its_request()
    {
        var packets = new Conversation(SocketDirection.Sent).Request(Get(5, "/missed")).Request(Get(7, "/a"))
            .Response(Join(Ok(5, "x"), Of(Headers, EndHeaders, 7, HeaderBlock.Response(200)), DataOf(7, "abc", ends: false)))
            .Response(Of(Headers, EndHeaders | EndStream, 7, 0xbe)).ToPackets();
        var observer = Observer.Of([packets[0], packets[3], packets[1]]);
        Assert.Equal("GET /a @h - -/- Framed", Assert.Single(observer.Exchanges).Summary);
    }

    [Fact]
    public void What_passed_before_a_request_was_known_leaves_its_sizes_open()
    {
        // The last byte of the request's head was missed, which shows only with the next request; by then the head of the response was missed too.
        var head = Of(Headers, EndHeaders | EndStream, 3, HeaderBlock.Request("/b", "POST"));
        var packets = Open.Request(Get(1, "/a")).Response(Ok(1, "1"))
            .Request(head[..^1]).Request(head[^1..])
            .Response(Of(Headers, EndHeaders, 3, 0x88)).Response(Of(Data, 0, 3, "defg"u8.ToArray()))
            .Request(Get(5, "/c")).Response(Of(Headers, EndHeaders | EndStream, 3, 0xbe)).ToPackets();
        packets.RemoveRange(packets.Count - 5, 2);
        var seen = Observer.Of(packets).Exchanges[^1];
        Assert.Equal(("POST", null), (seen.Method, seen.ResponseSize));
    }

    [Fact]
    public void Of_a_block_that_was_cut_the_beginning_is_known()
    {
        var frame = Of(Headers, EndHeaders | EndStream, 1, HeaderBlock.Request("/a", "GET", ("cookie", new string('c', 500))));
        var packets = Open.Request(frame).Response(Ok(1, "x")).ToPackets();
        packets[2] = packets[2] with { Head = frame[..100] };
        var observer = Observer.Of(packets);
        Assert.Equal("GET /a @h 200 0/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.TruncatedHeads);
        Assert.Equal(0, observer.Counters.LostSync);
    }

    [Fact]
    public void Bytes_lost_inside_content_change_nothing()
    {
        var packets = Open.Request(Join(Post(1, "/a"), DataOf(1, new string('a', 4000), ends: false))).Request(DataOf(1, "end")).Response(Ok(1, "x"))
            .ToPackets(int.MaxValue, length => length > 1000 ? [0, 200, 600, 900] : [0]);
        packets.RemoveRange(3, 2); // inside the 4000 bytes
        var observer = Observer.Of(packets);
        Assert.Equal("POST /a @h 200 4003/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(0, observer.Counters.Gaps);
    }

    [Fact]
    public void A_response_whose_last_byte_was_lost_ends_with_the_next_frame()
    {
        var packets = Open.Request(Get(1, "/a")).Response(Ok(1, "hello")).Request(Get(3, "/b")).Response(Ok(3, "x"))
            .ToPackets(int.MaxValue, length => [0, length - 3]);
        packets.RemoveAll(packet => packet.Head.AsSpan().SequenceEqual("llo"u8));
        Assert.Equal(["GET /a @h 200 0/5 Inferred", "GET /b @h 200 0/1 Framed"], Observer.Of(packets).Exchanges.Select(seen => seen.Summary));
    }

    [Fact]
    public void Io_without_a_buffer_is_followed_by_position()
    {
        var content = new string('s', 5000);
        var packets = Open.Request(Get(1, "/file")).Response(Of(Headers, EndHeaders, 1, HeaderBlock.Response(200))).Response(DataOf(1, content)).Request(Get(3, "/b")).Response(Ok(3, "x"))
            .ToPackets(int.MaxValue, length => length > 1000 ? [0, 9] : [0]);
        packets[5] = packets[5] with { Head = [], NoBuffer = true }; // sendfile behind the frame header
        Assert.Equal(["GET /file @h 200 0/5000 Framed", "GET /b @h 200 0/1 Framed"], Observer.Of(packets).Exchanges.Select(seen => seen.Summary));
    }

    [Theory]
    [InlineData(Data, 0, 0u, "content on stream 0")]
    [InlineData(Ping, 0, 1u, "a ping on a stream")]
    [InlineData(Continuation, EndHeaders, 1u, "a continuation of nothing")]
    public void A_frame_that_may_not_be_costs_the_rest_of_its_segment(int type, int flags, uint stream, string what)
    {
        var observer = Observer.Of(Open.Request(Join(Get(1, "/a"), Of(type, flags, stream, new byte[8]), Get(3, "/lost"))).Response(Ok(1, "x"))
            .Request(Get(5, "/b")).Response(Join(Ok(3, "x"), Ok(5, "x"))).ToPackets());
        Assert.Equal(["GET /a @h 200 0/1 Framed", "GET /b @h 200 0/1 Framed"], observer.Exchanges.Select(seen => seen.Summary));
        Assert.True(observer.Counters.Malformed == 1, what);
        Assert.Equal(1, observer.Counters.UnpairedResponses);
    }

    [Fact]
    public void A_block_that_another_frame_interrupts_is_given_up()
    {
        var observer = Observer.Of(Open.Request(Join(Of(Headers, EndStream, 1, HeaderBlock.Request("/a")), Get(3, "/b"))).Request(Get(5, "/c")).Response(Ok(5, "x")).ToPackets());
        Assert.Equal("GET /c @h 200 0/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.Malformed);
    }

    [Fact]
    public void A_block_that_can_not_be_read_leaves_its_exchange_unknown()
    {
        var observer = Observer.Of(Open.Request(Of(Headers, EndHeaders | EndStream, 1, 0x82, 0x80)).Response(Ok(1, "x")).ToPackets());
        Assert.Equal("GET ? @ 200 0/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.Malformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?a=1")]
    public void A_path_that_nobody_may_send_is_unknown(string path)
    {
        var observer = Observer.Of(Open.Request(Get(1, path)).Response(Ok(1, "x")).ToPackets());
        Assert.Null(Assert.Single(observer.Exchanges).Path);
    }

    [Fact]
    public void Padding_longer_than_its_frame_makes_the_size_unknown()
    {
        var observer = Observer.Of(Open.Request(Join(Post(1, "/a"), Of(Data, EndStream | Padded, 1, 9, 1, 2))).Response(Ok(1, "x")).ToPackets());
        Assert.Equal("POST /a @h 200 -/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.Malformed);
    }

    [Fact]
    public void A_block_beyond_all_measure_is_read_as_far_as_it_is_kept()
    {
        var block = HeaderBlock.Request("/a", "GET", [.. Enumerable.Range(0, 40).Select(i => ("cookie", new string('c', 10_000)))]);
        var pieces = block.Chunk(16_000).ToArray();
        var frames = pieces.Select((piece, i) => Of(i == 0 ? Headers : Continuation, (i == 0 ? EndStream : 0) | (i == pieces.Length - 1 ? EndHeaders : 0), 1, piece));
        var observer = Observer.Of(Open.Request(Join(frames)).Request(Get(3, "/b")).Response(Join(Ok(1, "x"), Ok(3, "x"))).ToPackets());
        Assert.Equal(["GET /a @h 200 0/1 Framed", "GET /b @h 200 0/1 Framed"], observer.Exchanges.Select(seen => seen.Summary));
        Assert.Equal(1, observer.Counters.TruncatedHeads);
    }

    [Fact]
    public void Unfinished_blocks_of_many_connections_have_a_bound_in_common()
    {
        var registry = new ProtocolRegistry();
        var piece = Of(Headers, EndStream, 1, [.. HeaderBlock.Request("/a"), 0x10, 1, (byte)'c', 0x7f, 0x80, 0x80, 0x7f, .. new byte[16_000]]);
        var more = Of(Continuation, 0, 1, new byte[16_000]);
        var packets = Open.Request(piece).Request(Join(Enumerable.Repeat(more, 14))).ToPackets();
        var observers = Enumerable.Range(0, 400).Select(_ => new Observer(registry).Feed(packets)).ToArray();
        Assert.NotEqual(0, registry.Counters.HeaderMemoryFull);

        // Small heads go on being read meanwhile, and large ones when the memory is free again.
        var small = new Observer(registry).Feed(Open.Request(Get(1, "/b")).Response(Ok(1, "x")).ToPackets());
        Assert.Equal("GET /b @h 200 0/1 Framed", Assert.Single(small.Exchanges).Summary);
        foreach (var observer in observers)
        {
            registry.Return(observer.End(SocketEnd.Closed).Connection);
        }

        var refused = registry.Counters.HeaderMemoryFull;
        var large = new Observer(registry).Feed(Open.Request(Get(1, "/" + new string('a', 4000))).Response(Ok(1, "x")).ToPackets());
        Assert.Equal(4001, Assert.Single(large.Exchanges).Path!.Length);
        Assert.Equal(refused, registry.Counters.HeaderMemoryFull);
    }

    [Fact]
    public void Headers_of_64_KiB_are_read()
    {
        var block = HeaderBlock.Request("/a", "GET", [.. Enumerable.Range(0, 64).Select(i => ("cookie", new string('c', 1024))), ("traceparent", Parent)]);
        var pieces = block.Chunk(16_384).ToArray();
        var frames = pieces.Select((piece, i) => Of(i == 0 ? Headers : Continuation, (i == 0 ? EndStream : 0) | (i == pieces.Length - 1 ? EndHeaders : 0), 1, piece));
        var observer = Observer.Of(Open.Request(Join(frames)).Response(Ok(1, "x")).ToPackets());
        Assert.Equal("GET /a @h 200 0/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(0xb7ad6b7169203331, observer.Exchanges[0].TraceParent.ParentId);
        Assert.Equal(0, observer.Counters.TruncatedHeads);
    }

    [Fact]
    public void Exchanges_beyond_the_bound_are_counted_and_the_rest_is_seen()
    {
        const int streams = Http2Protocol.MaxStreamsPerConnection + 10;
        var conversation = Open;
        for (uint i = 0; i < streams; i++)
        {
            conversation.Request(Get((2 * i) + 1, "/a"));
        }

        for (uint i = 0; i < streams; i++)
        {
            conversation.Response(Ok((2 * i) + 1, "x"));
        }

        var observer = Observer.Of(conversation.ToPackets());
        Assert.Equal(Http2Protocol.MaxStreamsPerConnection, observer.Exchanges.Count);
        Assert.Equal(10, observer.Counters.DroppedRequests);
    }

    [Fact]
    public void Exchanges_of_all_connections_together_are_bounded_too()
    {
        const int full = Http2Protocol.MaxStreams / Http2Protocol.MaxStreamsPerConnection;
        var registry = new ProtocolRegistry();
        var sink = new CountingSink();
        var packets = Open.Request(Join(Enumerable.Range(0, Http2Protocol.MaxStreamsPerConnection).Select(i => Get((uint)((2 * i) + 1), "/a")))).ToPackets();
        var connections = Enumerable.Range(0, full).Select(_ => Follow(registry.Rent(), packets)).ToArray();
        Assert.Equal(0, registry.Counters.DroppedRequests);

        var next = Open.Request(Get(1, "/b")).Response(Ok(1, "x")).ToPackets();
        Follow(registry.Rent(), next);
        Assert.Equal((1, 0), (registry.Counters.DroppedRequests, sink.Count));

        connections[0].OnEnd(SocketEnd.Closed, long.MaxValue, sink);
        Follow(registry.Rent(), next);
        Assert.Equal((1, Http2Protocol.MaxStreamsPerConnection + 1), (registry.Counters.DroppedRequests, sink.Count));

        TrackedConnection Follow(TrackedConnection connection, List<Packet> some)
        {
            foreach (var packet in some)
            {
                connection.OnSegment(packet.ToSegment(), sink);
            }

            return connection;
        }
    }

    [Fact]
    public void Exchanges_that_may_have_ended_unseen_make_room()
    {
        const int streams = Http2Protocol.MaxStreamsPerConnection;
        var conversation = Open;
        for (uint i = 0; i < streams; i++)
        {
            conversation.Request(Get((2 * i) + 1, "/a"));
        }

        conversation.Response(Join(Enumerable.Range(0, streams).Select(i => Ok((uint)((2 * i) + 1), "x"))));
        var packets = conversation.Request(Get((2 * streams) + 1, "/b")).Response(Ok((2 * streams) + 1, "x")).ToPackets();
        packets.RemoveAt(packets.Count - 3); // all the responses
        var observer = Observer.Of(packets.Take(packets.Count - 2)).Feed([packets[^1], packets[^2]]);
        Assert.Equal("GET /b @h 200 0/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(streams, observer.Counters.DroppedRequests);
    }

    [Fact]
    public void A_response_that_is_reported_before_its_request_waits_for_it()
    {
        var packets = Open.Request(Get(1, "/a")).Response(Ok(1, "x")).ToPackets();
        var observer = Observer.Of([packets[0], packets[1], packets[3]]);
        Assert.Empty(observer.Exchanges);
        Assert.True(observer.Connection.AwaitsIdle);
        observer.Feed([packets[2]]);
        Assert.Equal("GET /a @h 200 0/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.False(observer.Connection.AwaitsIdle);
    }

    [Fact]
    public void A_response_whose_request_never_comes_is_given_up_after_a_while()
    {
        var packets = Open.Request(Get(1, "/a")).Response(Ok(1, "x")).ToPackets();
        var observer = Observer.Of([packets[0], packets[1], packets[3]]);
        observer.Connection.OnIdle(packets[3].Time + 999_999_999, observer);
        Assert.True(observer.Connection.AwaitsIdle);
        observer.Connection.OnIdle(packets[3].Time + 1_000_000_000, observer);
        Assert.False(observer.Connection.AwaitsIdle);
        Assert.Equal(1, observer.Counters.UnpairedResponses);
    }

    [Fact]
    public void Responses_to_requests_from_before_are_counted()
    {
        var observer = Observer.Of(new Conversation(SocketDirection.Received).Response(Ok(1, "x")).Request(Get(3, "/a")).Response(Ok(3, "x")).ToPackets());
        Assert.Equal("GET /a @h 200 0/1 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.UnpairedResponses);
    }

    [Fact]
    public void Frames_alone_make_a_connection_http2_before_any_request()
    {
        var conversation = new Conversation(SocketDirection.Received);
        for (var i = 0; i < 8; i++)
        {
            conversation.Request(Window(0)).Response(Of(Ping, 0, 0, new byte[8]));
        }

        Assert.Equal(ProtocolVerdict.Recognized, Observer.Of(conversation.ToPackets()).Connection.Verdict);
    }

    [Fact]
    public void What_only_looked_like_a_frame_is_given_up()
    {
        var conversation = new Conversation(SocketDirection.Received);
        for (var i = 0; i < 10; i++)
        {
            conversation.Request([.. Window(0), .. new byte[3]]).Response("\u0001\u0002 something else entirely");
        }

        var observer = Observer.Of(conversation.ToPackets());
        Assert.Equal(ProtocolVerdict.NotMine, observer.Connection.Verdict);
        Assert.Equal(1, observer.Counters.NotMineConnections);
    }

    [Fact]
    public void Following_a_connection_allocates_nothing_once_it_runs()
    {
        const int rounds = 400, warm = 380, piece = 20;
        var registry = new ProtocolRegistry();
        var sink = new CountingSink();
        var connection = registry.Rent();
        var conversation = Open;
        for (uint i = 0; i < rounds; i++)
        {
            // Each path goes into the table, which soon has to evict.
            byte[] block = [0x83, 0x86, 0x44, 5, (byte)'/', .. System.Text.Encoding.ASCII.GetBytes($"{i:0000}"), 0x41, 1, (byte)'h'];
            var (call, exchange) = ((4 * i) + 1, (4 * i) + 3);
            conversation
                .Request(Join(Of(Headers, EndHeaders, call, [.. block, 0x5f, 16, .. "application/grpc"u8]), Of(Data, EndStream, call, Message(5)), Of(Headers, EndHeaders | EndStream, exchange, block)))
                .Response(Join(CallHead(call), Of(Data, 0, call, Message(500)), CallEnd(call, 0), Ok(exchange, "x")));
        }

        var packets = conversation.ToPackets();
        var fed = 0;
        Feed(warm);
        Assert.Equal(0, Allocations.Of(() => Feed(piece)));
        Feed(packets.Count - fed);
        Assert.Equal(2 * rounds, sink.Count);

        void Feed(int count)
        {
            for (var end = fed + count; fed < end; fed++)
            {
                connection.OnSegment(packets[fed].ToSegment(), sink);
            }
        }
    }

    private sealed class CountingSink : IExchangeSink
    {
        internal int Count { get; private set; }

        public void Emit(Exchange exchange) => Count++;
    }
}
