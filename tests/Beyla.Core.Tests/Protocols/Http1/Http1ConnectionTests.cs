using Beyla.Capture;
using Beyla.Protocols;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols.Http1;

public sealed class Http1ConnectionTests
{
    private const string Get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Conversation Server => new(SocketDirection.Received);

    private static Conversation Client => new(SocketDirection.Sent);

    [Fact]
    public void Times_are_those_of_the_first_and_last_bytes()
    {
        var seen = Assert.Single(Observer.Of(Server
            .Request("POST / HTTP/1.1\r\n").Request("Content-Length: 4\r\n\r\nab").Request("cd")
            .Response("HTTP/1.1 100 Continue\r\n\r\n").Response("HTTP/1.1 200 OK\r\n").Response("Content-Length: 2\r\n\r\nx").Response("y").ToPackets()).Exchanges);
        Assert.Equal((1000, 3000, 5000, 7000), (seen.Start, seen.RequestEnd, seen.ResponseStart, seen.Finish));
    }

    [Fact]
    public void The_request_of_an_early_response_ends_before_the_response_begins()
    {
        var seen = Assert.Single(Observer.Of(Server
            .Request("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\n").Request("ab").Response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx").Request("cdef").Response("y").ToPackets()).Exchanges);
        Assert.Equal((1000, 2000, 3000, 5000), (seen.Start, seen.RequestEnd, seen.ResponseStart, seen.Finish));
    }

    [Fact]
    public void A_span_does_not_wait_for_what_comes_after_it()
    {
        var observer = new Observer();
        foreach (var (packet, expected) in Server.Request(Get + Get).Response(Ok + Ok).ToPackets().Zip([0, 2]))
        {
            Assert.Equal(expected, observer.Feed([packet]).Exchanges.Count);
        }
    }

    [Fact]
    public void A_response_that_overtakes_its_request_waits_for_it()
    {
        var packets = Client.Request(Get).Response(Ok).Request(Get).Response(Ok).ToPackets();
        var observer = Observer.Of([packets[1], packets[0], packets[3], packets[2]]);
        Assert.Equal(2, observer.Exchanges.Count);
        Assert.All(observer.Exchanges, seen => Assert.Equal("GET /a @h 200 0/5 Framed", seen.Summary));
        Assert.Equal((1000, 2000), (observer.Exchanges[0].Start, observer.Exchanges[0].Finish));
    }

    [Fact]
    public void Responses_may_overtake_their_requests_for_as_long_as_the_connection_lives()
    {
        const int exchanges = 200;
        var conversation = Client;
        for (var i = 0; i < exchanges; i++)
        {
            conversation.Request(Get).Response("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + new string('x', 1000));
        }

        var observer = Observer.Of(conversation.ToPackets().Chunk(2).SelectMany(pair => pair.Reverse()));
        Assert.Equal(exchanges, observer.Exchanges.Count);
        Assert.Equal(0, observer.Counters.UnpairedResponses);
    }

    [Fact]
    public void After_a_loss_a_response_does_not_answer_the_request_before_the_one_that_is_coming()
    {
        var packets = Server.Request(Get).Response(Ok).Request("GET /b HT").Request("TP/1.1\r\n\r\n").Response("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n").ToPackets();
        var observer = Observer.Of([packets[0], packets[2], packets[4]]).End(SocketEnd.Closed);
        Assert.DoesNotContain(observer.Exchanges, seen => seen.Status == 500);
    }

    [Fact]
    public void A_response_to_a_request_before_the_agent_came_is_counted_only()
    {
        var observer = Observer.Of(Server.Request(Get).Response(Ok).Request(Get).Response(Ok).ToPackets().Skip(1));
        Assert.Equal("GET /a @h 200 0/5 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.UnpairedResponses);
    }

    [Fact]
    public void A_response_whose_request_never_shows_is_dropped_at_the_end()
    {
        var observer = Observer.Of(Client.Request(Get).Response(Ok).ToPackets().Skip(1)).End(SocketEnd.Closed);
        Assert.Empty(observer.Exchanges);
        Assert.Equal(1, observer.Counters.UnpairedResponses);
    }

    [Fact]
    public void A_late_report_of_a_response_does_not_answer_the_request_after_it()
    {
        // The agent came behind the first request; the response to it is reported after the second request.
        var packets = Client.Request(Get).Response("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n").Request(Get).Response(Ok).ToPackets();
        var observer = Observer.Of([packets[2], packets[1], packets[3]]);
        Assert.Equal("GET /a @h 200 0/5 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.UnpairedResponses);
    }

    [Fact]
    public void The_response_to_a_lost_request_does_not_answer_the_next_one()
    {
        var packets = Client.Request(Get).Response(Ok).Request(Get).Response("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n").Request(Get).Response(Ok).ToPackets();
        var late = packets[3] with { OppositePosition = packets[4].EndPosition };
        var observer = Observer.Of([packets[0], packets[1], packets[4], late, packets[5]]);
        Assert.DoesNotContain(observer.Exchanges, seen => seen.Status == 500);
        Assert.Equal(1, observer.Counters.Gaps);
    }

    [Fact]
    public void Bytes_that_are_reported_twice_count_once()
    {
        var packets = Server.Request("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\n").Request("abc").Response(Ok).Request(Get).Response(Ok).ToPackets();
        var overlapping = packets[1] with { Length = packets[0].Length + 3, Head = [.. packets[0].Head, .. packets[1].Head] };
        var observer = Observer.Of([packets[0], packets[0], overlapping, packets[2], packets[2], packets[3], packets[4]]);
        Assert.Equal(["POST /a @ 200 3/5 Framed", "GET /a @h 200 0/5 Framed"], observer.Exchanges.Select(seen => seen.Summary));
        Assert.Equal(0, observer.Counters.LostSync);
    }

    [Fact]
    public void Bytes_missing_inside_content_of_known_size_are_no_loss()
    {
        var packets = Server
            .Request("POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\n").Request("abc").Request("def").Request("ghi")
            .Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n").Response("abc").Response("def").Response("ghi\r\n0\r\n\r\n").ToPackets();
        packets.RemoveAt(5);
        packets.RemoveAt(2);
        var observer = Observer.Of(packets);
        Assert.Equal("POST /a @ 200 9/9 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(0, observer.Counters.Gaps);
    }

    [Fact]
    public void Texts_of_requests_survive_as_long_as_their_responses_take()
    {
        const int requests = 400, ahead = 5;
        var conversation = Server;
        for (var i = 0; i < requests + ahead; i++)
        {
            if (i < requests)
            {
                conversation.Request($"GET /{i}/{new string('x', i)} HTTP/1.1\r\nHost: {i}\r\n\r\n");
            }

            if (i >= ahead)
            {
                conversation.Response("HTTP/1.1 204 No Content\r\n\r\n");
            }
        }

        var observer = Observer.Of(conversation.ToPackets());
        Assert.Equal(Enumerable.Range(0, requests).Select(i => $"GET /{i}/{new string('x', i)} @{i} 204 0/0 Framed"), observer.Exchanges.Select(seen => seen.Summary));
    }

    [Fact]
    public void Waiting_for_a_request_is_bounded()
    {
        var conversation = Client.Request(Get).Response("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        for (var i = 0; i < 100; i++)
        {
            conversation.Response("0123456789");
        }

        var observer = Observer.Of(conversation.Request(Get).Response(Ok).ToPackets().Skip(1));
        Assert.Equal(1, observer.Counters.UnpairedResponses);
        Assert.Equal("GET /a @h 200 0/5 Framed", Assert.Single(observer.Exchanges).Summary);
    }

    [Theory]
    [InlineData(SocketDirection.Received, SocketEnd.EndOfInput, 0)]
    [InlineData(SocketDirection.Received, SocketEnd.Shut, 1)]
    [InlineData(SocketDirection.Sent, SocketEnd.EndOfInput, 1)]
    [InlineData(SocketDirection.Sent, SocketEnd.Shut, 0)]
    [InlineData(SocketDirection.Sent, SocketEnd.Reset, 1)]
    internal void Only_the_sender_of_responses_ends_them(SocketDirection requests, SocketEnd end, int expected)
    {
        var observer = Observer.Of(new Conversation(requests).Request(Get).ToPackets()).End(end, 5000);
        Assert.Equal(expected, observer.Exchanges.Count);
        Assert.All(observer.Exchanges, seen => Assert.Equal((SpanEnd.Aborted, null, 5000), (seen.End, seen.Status, seen.Finish)));
        Assert.Equal(expected, observer.Counters.Aborted);
    }

    [Fact]
    public void A_half_closed_client_still_gets_its_response()
    {
        var packets = Server.Request(Get).Response(Ok).ToPackets();
        var observer = new Observer().Feed(packets[..1]).End(SocketEnd.EndOfInput).Feed(packets[1..]).End(SocketEnd.Closed);
        Assert.Equal("GET /a @h 200 0/5 Framed", Assert.Single(observer.Exchanges).Summary);
    }

    [Fact]
    public void A_connection_that_ends_at_any_byte_leaves_what_was_certain()
    {
        var conversation = Server.Request("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody").Response(Ok);
        var packets = conversation.OneByteEach();
        var request = packets.Count(packet => packet.Direction == SocketDirection.Received);
        var responseHead = Ok.IndexOf("hello", StringComparison.Ordinal);
        for (var length = 1; length <= packets.Count; length++)
        {
            var observer = Observer.Of(packets.Take(length)).End(SocketEnd.Closed);
            var expected = length < request - 4 ? null
                : length < request ? "POST /a @h - -/- Aborted"
                : length < request + responseHead ? "POST /a @h - 4/- Aborted"
                : length < packets.Count ? "POST /a @h 200 4/- Aborted"
                : "POST /a @h 200 4/5 Framed";
            Assert.Equal(expected, observer.Exchanges.SingleOrDefault()?.Summary);
            Assert.Equal(expected is null ? 1 : 0, observer.Counters.IncompleteHeads);
        }
    }

    [Fact]
    public void Requests_beyond_the_bound_are_counted_and_the_others_still_paired()
    {
        const int requests = 300, bound = 256;
        var observer = Observer.Of(Server
            .Request(string.Concat(Enumerable.Range(0, requests).Select(i => $"GET /{i} HTTP/1.1\r\n\r\n")))
            .Response(string.Concat(Enumerable.Range(0, requests).Select(i => $"HTTP/1.1 {200 + i} X\r\nContent-Length: 0\r\n\r\n")))
            .Request(Get).Response(Ok).ToPackets());
        Assert.Equal(Enumerable.Range(0, bound).Select(i => $"GET /{i} @ {200 + i} 0/0 Framed").Append("GET /a @h 200 0/5 Framed"), observer.Exchanges.Select(seen => seen.Summary));
        Assert.Equal(requests - bound, observer.Counters.DroppedRequests);
    }

    [Fact]
    public void The_kernel_may_keep_quiet_about_the_middle_of_a_long_body()
    {
        const int length = 10_000_000;
        var head = $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n";
        var packets = Server.Request(Get).Response(head).Response(new byte[length]).Request(Get).Response(Ok)
            .ToPackets(1024, bytes => [.. Enumerable.Range(0, (bytes / 10_000) + 1).Select(i => i * 10_000).Where(begin => begin < bytes)]);
        var observer = Observer.Of(packets[..2]);
        var quiet = Assert.NotNull(observer.Connection.Quiet);
        Assert.Equal(new QuietHint(SocketDirection.Sent, packets[1].EndPosition + length), quiet);

        observer.Feed(packets.Skip(2).Where(packet => packet.Direction == SocketDirection.Received || (int)(packet.EndPosition - quiet.Position) >= 0));
        Assert.Equal([$"GET /a @h 200 0/{length} Framed", "GET /a @h 200 0/5 Framed"], observer.Exchanges.Select(seen => seen.Summary));
        Assert.Equal(0, observer.Counters.Gaps);
        Assert.Null(observer.Connection.Quiet);
    }

    [Fact]
    public void The_kernel_may_not_keep_quiet_about_content_that_may_never_come()
    {
        var observer = Observer.Of(Server
            .Request("HEAD /a HTTP/1.1\r\n\r\n").Response("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").Request(Get).Response(Ok).ToPackets().Skip(1).Take(2));
        Assert.Equal(1, observer.Counters.UnpairedResponses);
        Assert.Null(observer.Connection.Quiet);
    }

    [Fact]
    public void A_gap_at_any_packet_costs_its_exchange_and_at_most_the_next()
    {
        var conversation = Server;
        for (var i = 0; i < 6; i++)
        {
            conversation.Request($"GET /{i} HTTP/1.1\r\n").Request("Host: h\r\n\r\n").Response($"HTTP/1.1 {400 + i} X\r\nContent-Length: 4\r\n\r\n").Response("ab").Response("cd");
        }

        var packets = conversation.ToPackets();
        for (var lost = 1; lost < packets.Count; lost++)
        {
            var observer = Observer.Of(packets.Where((_, i) => i != lost)).End(SocketEnd.Closed);
            Assert.InRange(observer.Exchanges.Count, 4, 6);
            Assert.All(observer.Exchanges, seen => Assert.True(seen.Status is null || seen.Status == 400 + (seen.Path![1] - '0'), seen.Summary));
        }
    }

    [Fact]
    public void A_response_whose_head_was_cut_ends_when_its_length_has_passed()
    {
        var packets = Server.Request(Get).Response("HTTP/1.1 200 OK\r\nContent-Length: 50\r\nX: " + new string('y', 300) + "\r\n\r\n").Response(new string('z', 50)).ToPackets(100);
        var observer = Observer.Of(packets);
        Assert.Equal("GET /a @h 200 0/50 Inferred", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.TruncatedHeads);
        Assert.True(observer.Connection.WantsLargerHead);
    }

    [Fact]
    public void Of_a_response_whose_head_was_cut_missing_bytes_count_like_others()
    {
        var cut = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\nX: " + new string('y', 300) + "\r\n\r\n";
        var packets = Server.Request(Get).Response(cut).Response(new string('z', 30)).Response(new string('z', 20)).ToPackets(100);
        packets.RemoveAt(2);
        Assert.Equal("GET /a @h 200 0/50 Inferred", Assert.Single(Observer.Of(packets).Exchanges).Summary);
    }

    [Theory]
    [InlineData(1000, "GET /a @h 200 0/- Aborted")]
    [InlineData(310, "GET /a @h 200 0/- Inferred")]
    public void A_response_whose_head_was_cut_is_aborted_when_its_content_can_not_be_whole(int length, string expected)
    {
        var cut = $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nX: " + new string('y', 300) + "\r\n\r\n";
        var observer = Observer.Of(Server.Request(Get).Response(cut).Response(new string('z', 100)).ToPackets(100)).End(SocketEnd.Closed);
        Assert.Equal(expected, Assert.Single(observer.Exchanges).Summary);
    }

    [Fact]
    public void A_response_whose_head_was_cut_ends_with_a_pause()
    {
        var packets = Server.Request(Get).Response("HTTP/1.1 200 OK\r\nX: " + new string('y', 300) + "\r\n\r\n").Response(new string('z', 50)).ToPackets(100);
        var observer = Observer.Of(packets);
        Assert.True(observer.Connection.AwaitsIdle);
        observer.Connection.OnIdle(packets[^1].Time + 999_999_999, observer);
        Assert.Empty(observer.Exchanges);
        observer.Connection.OnIdle(packets[^1].Time + 1_000_000_000, observer);
        var seen = Assert.Single(observer.Exchanges);
        Assert.Equal(("GET /a @h 200 0/- Inferred", packets[^1].Time), (seen.Summary, seen.Finish));
        Assert.False(observer.Connection.AwaitsIdle);
    }

    [Fact]
    public void A_response_whose_head_was_cut_ends_with_the_next_request()
    {
        var cut = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\nX: " + new string('y', 300) + "\r\n\r\n" + new string('z', 50);
        var observer = Observer.Of(Server.Request(Get).Response(cut).Request(Get).Response(cut).Request(Get).Response(Ok).ToPackets(100));
        Assert.Equal(
            ["GET /a @h 200 0/50 Inferred", "GET /a @h 200 0/50 Inferred", "GET /a @h 200 0/5 Framed"], observer.Exchanges.Select(seen => seen.Summary));
    }

    [Fact]
    public void A_request_whose_head_was_cut_gives_method_and_path()
    {
        var observer = Observer.Of(Server
            .Request("GET /" + new string('a', 200) + "?q HTTP/1.1\r\n\r\n").Response(Ok)
            .Request("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX: " + new string('y', 300) + "\r\n\r\nabc").Response(Ok)
            .Request(Get).Response(Ok).ToPackets(100));
        Assert.Equal(
            ["GET /" + new string('a', 95) + " @ 200 -/5 Framed", "POST /b @h 200 3/5 Framed", "GET /a @h 200 0/5 Framed"], observer.Exchanges.Select(seen => seen.Summary));
        Assert.Equal([true, false, false], observer.Exchanges.Select(seen => seen.PathTruncated));
        Assert.Equal(2, observer.Counters.TruncatedHeads);
    }

    [Fact]
    public void A_body_without_a_buffer_is_counted_by_position()
    {
        var packets = Server.Request(Get).Response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").Response("hello").Request(Get).Response(Ok).ToPackets();
        packets[2] = packets[2] with { Head = [], NoBuffer = true };
        var observer = Observer.Of(packets);
        Assert.Equal(["GET /a @h 200 0/5 Framed", "GET /a @h 200 0/5 Framed"], observer.Exchanges.Select(seen => seen.Summary));
    }

    [Fact]
    public void A_response_head_without_a_buffer_costs_its_exchange_only()
    {
        var packets = Server.Request(Get).Response(Ok).Request("GET /b HTTP/1.1\r\n\r\n").Response(Ok).ToPackets();
        packets[1] = packets[1] with { Head = [], NoBuffer = true };
        var observer = Observer.Of(packets);
        Assert.Equal("GET /b @ 200 0/5 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal((1, 1), (observer.Counters.LostSync, observer.Counters.DroppedRequests));
        Assert.False(observer.Connection.WantsLargerHead);
    }

    [Fact]
    public void Garbage_on_an_http_connection_is_counted_and_makes_no_span()
    {
        var observer = Observer.Of(Server.Request(Get).Response(Ok).Request("\x01\x02\x03").Response("\x04\x05").Request(Get).Response(Ok).ToPackets());
        Assert.Equal(2, observer.Exchanges.Count);
        Assert.Equal(2, observer.Counters.Malformed);
    }

    [Fact]
    public void A_pipelined_connection_that_lost_bytes_is_followed_again_after_a_pause()
    {
        var conversation = Server.Request(Get).Request(Get).Response(Ok).Response(Ok).Request(Get).Response(Ok).Request(Get).Response(Ok);
        var packets = conversation.ToPackets();
        for (var i = 6; i < packets.Count; i++)
        {
            packets[i] = packets[i] with { Time = packets[i].Time + 2_000_000_000 };
        }

        packets.RemoveAt(2);
        var observer = Observer.Of(packets);
        Assert.Equal("GET /a @h 200 0/5 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(packets[^1].Time, observer.Exchanges[0].Finish);
        Assert.Equal(2, observer.Counters.DroppedRequests);
    }

    [Fact]
    public void A_request_that_passed_as_content_of_another_leaves_open_whose_response_comes()
    {
        var packets = Server.Request(Get).Response(Ok)
            .Request("POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n").Request("5\r\nhello\r\n0\r\n\r\n").Response(Ok)
            .Request(Get).Response("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n").ToPackets();
        packets[3] = packets[3] with { Head = [], NoBuffer = true };
        packets.RemoveAt(4);
        var observer = Observer.Of(packets);
        Assert.Equal("GET /a @h 200 0/5 Framed", Assert.Single(observer.Exchanges).Summary);
        Assert.Equal(1, observer.Counters.UnpairedResponses);
    }

    [Fact]
    public void A_pause_inside_a_message_does_not_make_its_rest_a_message()
    {
        var packets = Server.Request(Get).Request(Get).Response(Ok).Response(Ok).Request("M-SE").Request("ARCH /a HTTP/1.1\r\n\r\n").Response(Ok).ToPackets();
        for (var i = 5; i < packets.Count; i++)
        {
            packets[i] = packets[i] with { Time = packets[i].Time + 2_000_000_000 };
        }

        packets.RemoveAt(2);
        Assert.Empty(Observer.Of(packets).End(SocketEnd.Closed).Exchanges);
    }
}
