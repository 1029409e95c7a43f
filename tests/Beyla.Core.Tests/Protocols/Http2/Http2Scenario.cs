using Beyla.Capture;
using static Beyla.Core.Tests.Protocols.Http2.Frames;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>A conversation and what has to be seen of it, calls behind exchanges.</summary>
internal sealed record Http2Scenario(string Name, Conversation Conversation, string[] Expected, SocketEnd? End = null)
{
    private const string Upgrade = "GET /up?q HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n";
    private const string Switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

    internal static readonly Http2Scenario[] All =
    [
        new("one exchange", Server.Request(Get(1, "/a?x=1")).Response(Ok(1, "hello")), ["GET /a @h 200 0/5 Framed"]),
        new("one exchange of a client", Client.Request(Get(1, "/a")).Response(Ok(1, "hello")), ["GET /a @h 200 0/5 Framed"]),
        new("one after the other", Server.Request(Get(1, "/a")).Response(Ok(1, "x")).Request(Get(3, "/b")).Response(Ok(3, "yy")),
            ["GET /a @h 200 0/1 Framed", "GET /b @h 200 0/2 Framed"]),
        new("many at once, answered in another order",
            Server.Request(Join(Get(1, "/1"), Get(3, "/3"), Get(5, "/5"))).Response(Join(Ok(5, "555"), Ok(1, "1"))).Response(Ok(3, "33")),
            ["GET /5 @h 200 0/3 Framed", "GET /1 @h 200 0/1 Framed", "GET /3 @h 200 0/2 Framed"]),
        new("interleaved content",
            Server.Request(Join(Post(1, "/1"), Post(3, "/3"))).Request(Join(DataOf(3, "abc", ends: false), DataOf(1, "12"), DataOf(3, "de")))
                .Response(Join(Of(Headers, EndHeaders, 1, HeaderBlock.Response(201)), Of(Headers, EndHeaders, 3, HeaderBlock.Response(202)), DataOf(3, "x"), DataOf(1, "yz"))),
            ["POST /3 @h 202 5/1 Framed", "POST /1 @h 201 2/2 Framed"]),
        new("no content", Server.Request(Get(1, "/a")).Response(Of(Headers, EndHeaders | EndStream, 1, HeaderBlock.Response(204))), ["GET /a @h 204 0/0 Framed"]),
        new("an end in an empty frame",
            Server.Request(Join(Post(1, "/a"), DataOf(1, "abc", ends: false))).Request(DataOf(1, ""))
                .Response(Join(Of(Headers, EndHeaders, 1, HeaderBlock.Response(200)), DataOf(1, "x", ends: false))).Response(DataOf(1, "")),
            ["POST /a @h 200 3/1 Framed"]),
        new("padding and priority",
            Server.Request(Join(
                    Of(Headers, EndHeaders | Padded | HasPriority, 1, [3, 0, 0, 0, 0, 16, .. HeaderBlock.Request("/a", "PUT"), 0, 0, 0]),
                    Of(Data, EndStream | Padded, 1, [4, (byte)'a', (byte)'b', 0, 0, 0, 0])))
                .Response(Join(Of(Headers, EndHeaders | Padded, 1, [0, .. HeaderBlock.Response(200)]), Of(Data, EndStream | Padded, 1, [1, (byte)'x', 0]))),
            ["PUT /a @h 200 2/1 Framed"]),
        new("headers in many frames", Client.Request(Continued(1, HeaderBlock.Request("/long", "GET", [("cookie", new string('c', 300))]))).Response(Ok(1, "x")),
            ["GET /long @h 200 0/1 Framed"]),
        new("interim responses",
            Server.Request(Post(1, "/a"))
                .Response(Of(Headers, EndHeaders, 1, HeaderBlock.Response(100))).Request(DataOf(1, "abc"))
                .Response(Join(Of(Headers, EndHeaders, 1, HeaderBlock.Response(103)), Ok(1, "x"))),
            ["POST /a @h 200 3/1 Framed"]),
        new("trailers of both",
            Client.Request(Join(Post(1, "/a"), DataOf(1, "abc", ends: false), Of(Headers, EndHeaders | EndStream, 1, HeaderBlock.Of(("x-sum", "1")))))
                .Response(Join(Of(Headers, EndHeaders, 1, HeaderBlock.Response(200)), DataOf(1, "x", ends: false), Of(Headers, EndHeaders | EndStream, 1, HeaderBlock.Of(("x-sum", "2"))))),
            ["POST /a @h 200 3/1 Framed"]),
        new("early response and a reset behind it",
            Server.Request(Join(Post(1, "/a"), DataOf(1, "abc", ends: false)))
                .Response(Join(Of(Headers, EndHeaders | EndStream, 1, HeaderBlock.Response(413)), Reset(1, 0))).Request(Get(3, "/b")).Response(Ok(3, "x")),
            ["POST /a @h 413 -/0 Framed", "GET /b @h 200 0/1 Framed"]),
        new("reset by the client", Server.Request(Get(1, "/a")).Response(Of(Headers, EndHeaders, 1, HeaderBlock.Response(200))).Request(Reset(1, 8)), ["GET /a @h 200 0/- Aborted"]),
        new("reset by the server", Client.Request(Get(1, "/a")).Response(Reset(1, 2)), ["GET /a @h - 0/- Aborted"]),
        new("going away", Client.Request(Join(Get(1, "/a"), Get(3, "/b"))).Response(Join(Away(1), Ok(1, "x"))), ["GET /b @h - 0/- Aborted", "GET /a @h 200 0/1 Framed"]),
        new("a promise is nobody's request",
            Client.Request(Get(1, "/a")).Response(Join(
                Of(PushPromise, EndHeaders, 1, [0, 0, 0, 2, .. HeaderBlock.Request("/pushed")]), Ok(1, "x"), Of(Headers, EndHeaders | EndStream, 2, HeaderBlock.Response(200)))),
            ["GET /a @h 200 0/1 Framed"]),
        new("frames that say nothing of exchanges",
            Server.Request(Join(Get(1, "/a"), Window(0), Of(Priority, 0, 1, 0, 0, 0, 0, 5), Of(Ping, 0, 0, new byte[8]), Of(0x42, 7, 9, 1, 2, 3)))
                .Response(Join(Of(Ping, 1, 0, new byte[8]), Window(1), Of(0x10, 0, 0, 0, 0, 0, 1, (byte)'u'), Ok(1, "x"))),
            ["GET /a @h 200 0/1 Framed"]),
        new("a tunnel",
            Client.Request(Of(Headers, EndHeaders, 1, HeaderBlock.Of((":method", "CONNECT"), (":authority", "o:443"))))
                .Response(Of(Headers, EndHeaders, 1, HeaderBlock.Response(200))).Request(DataOf(1, "hello", ends: false)).Response(DataOf(1, "there")),
            ["CONNECT ? @o:443 200 0/0 Framed"]),
        new("a stream of events",
            Server.Request(Get(1, "/events")).Response(Of(Headers, EndHeaders, 1, HeaderBlock.Response(200, [("content-type", "text/event-stream; charset=utf-8")])))
                .Response(DataOf(1, "data: 1\n\n", ends: false)).Request(Get(3, "/b")).Response(Join(DataOf(1, "data: 2\n\n"), Ok(3, "x"))),
            ["GET /events @h 200 0/- Streaming", "GET /b @h 200 0/1 Framed"]),
        new("no answer", Client.Request(Get(1, "/a")), ["GET /a @h - 0/- Aborted"], SocketEnd.Reset),
        new("cut off", Client.Request(Get(1, "/a")).Response(Join(Of(Headers, EndHeaders, 1, HeaderBlock.Response(200)), DataOf(1, "x", ends: false))), ["GET /a @h 200 0/- Aborted"], SocketEnd.EndOfInput),
        new("the host field without an authority",
            Server.Request(Of(Headers, EndHeaders | EndStream, 1, HeaderBlock.Of((":method", "GET"), (":scheme", "https"), (":path", "/a"), ("host", "o")))).Response(Ok(1, "x")),
            ["GET /a @o 200 0/1 Framed"]),
        new("a server that speaks first",
            new Conversation(SocketDirection.Received).Response(EmptySettings).Request(Join(Preface, EmptySettings, Get(1, "/a"))).Response(Join(SettingsAck, Ok(1, "x"))),
            ["GET /a @h 200 0/1 Framed"]),
        new("upgrade",
            new Conversation(SocketDirection.Received).Request(Upgrade).Response(Switching).Response(Join(EmptySettings, Ok(1, "up")))
                .Request(Join(Preface, EmptySettings, Get(3, "/b"))).Response(Ok(3, "x")),
            ["GET /up @h 200 0/2 Framed", "GET /b @h 200 0/1 Framed"]),
        new("upgrade, answered in one write",
            new Conversation(SocketDirection.Sent).Request(Upgrade)
                .Response([.. System.Text.Encoding.ASCII.GetBytes(Switching), .. EmptySettings, .. Ok(1, "up")]).Request(Join(Preface, EmptySettings)),
            ["GET /up @h 200 0/2 Framed"]),
        new("unary call",
            Server.Request(Join(Call(1, "/p.S/M"), Of(Data, EndStream, 1, Message(7)))).Response(Join(CallHead(1), Of(Data, 0, 1, Message(3)), CallEnd(1, 0))),
            ["/p.S/M @h 0 http 200 1:7/1:3 Framed"]),
        new("failed call", Client.Request(Join(Call(1, "/p.S/M"), Of(Data, EndStream, 1, Message(7)))).Response(Of(Headers, EndHeaders | EndStream, 1, HeaderBlock.Response(200, [("content-type", "application/grpc"), ("grpc-status", "5")]))),
            ["/p.S/M @h 5 http 200 1:7/0:0 Framed"]),
        new("streaming both ways",
            Server.Request(Join(Call(1, "/p.S/Chat"), Of(Data, 0, 1, Message(1)))).Response(Join(CallHead(1), Of(Data, 0, 1, Message(2))))
                .Request(Of(Data, 0, 1, [.. Message(3), .. Message(4, isCompressed: true)])).Response(Of(Data, 0, 1, [.. Message(0), .. Message(9)[..7]]))
                .Request(Of(Data, EndStream, 1)).Response(Join(Of(Data, 0, 1, Message(9)[7..]), CallEnd(1, 0))),
            ["/p.S/Chat @h 0 http 200 3:8/3:11 Framed"]),
        new("messages across frames with padding",
            Client.Request(Join(Call(1, "/p.S/M"), Of(Data, Padded, 1, [2, .. Message(10)[..3], 0, 0]), Of(Data, EndStream | Padded, 1, [1, .. Message(10)[3..], 0])))
                .Response(Join(CallHead(1), CallEnd(1, 13))),
            ["/p.S/M @h 13 http 200 1:10/0:0 Framed"]),
        new("cancelled call", Server.Request(Call(1, "/p.S/M")).Response(CallHead(1)).Request(Reset(1, 8)), ["/p.S/M @h 1 http 200 0:0/0:0 Aborted"]),
        new("refused call", Client.Request(Call(1, "/p.S/M")).Response(Reset(1, 7)), ["/p.S/M @h 14 http - 0:0/0:0 Aborted"]),
        new("a proxy answers", Client.Request(Call(1, "/p.S/M")).Response(Ok(1, "no upstream", 503)), ["/p.S/M @h - http 503 0:0/-:- Framed"]),
        new("grpc-web is not gRPC",
            Server.Request(Join(Of(Headers, EndHeaders, 1, HeaderBlock.Request("/p.S/M", "POST", [("content-type", "application/grpc-web+proto")])), DataOf(1, "abc"))).Response(Ok(1, "x")),
            ["POST /p.S/M @h 200 3/1 Framed"]),
        new("gRPC beside HTTP",
            Server.Request(Join(Call(1, "/p.S/M"), Get(3, "/a"), Of(Data, EndStream, 1, Message(7)))).Response(Join(Ok(3, "x"), CallHead(1), CallEnd(1, 0))),
            ["GET /a @h 200 0/1 Framed", "/p.S/M @h 0 http 200 1:7/0:0 Framed"]),
        new("a connection lost during a call", Client.Request(Call(1, "/p.S/M")).Response(CallHead(1)), ["/p.S/M @h - http 200 0:0/0:0 Aborted"], SocketEnd.Closed),
    ];

    private static Conversation Server => new Conversation(SocketDirection.Received).Request(Join(Preface, EmptySettings)).Response(Join(EmptySettings, SettingsAck));

    private static Conversation Client => new Conversation(SocketDirection.Sent).Request(Join(Preface, EmptySettings)).Response(EmptySettings).Request(SettingsAck);

    internal static TheoryData<string> Names => [.. All.Select(scenario => scenario.Name)];

    internal static Http2Scenario Named(string name) => All.Single(scenario => scenario.Name == name);

    internal static byte[] Get(uint stream, string path) => Of(Headers, EndHeaders | EndStream, stream, HeaderBlock.Request(path));

    internal static byte[] Post(uint stream, string path) => Of(Headers, EndHeaders, stream, HeaderBlock.Request(path, "POST"));

    internal static byte[] Ok(uint stream, string text, int status = 200) => Join(Of(Headers, EndHeaders, stream, HeaderBlock.Response(status)), DataOf(stream, text));

    internal static byte[] Call(uint stream, string path) => Of(Headers, EndHeaders, stream, HeaderBlock.Call(path));

    internal static byte[] CallHead(uint stream) => Of(Headers, EndHeaders, stream, HeaderBlock.Response(200, [("content-type", "application/grpc+proto")]));

    internal static byte[] CallEnd(uint stream, int status) => Of(Headers, EndHeaders | EndStream, stream, HeaderBlock.Trailers(status));

    /// <summary>A request whose block is spread over frames of 7 bytes.</summary>
    internal static byte[] Continued(uint stream, byte[] block)
    {
        const int piece = 7;
        var pieces = block.Chunk(piece).ToArray();
        return Join(pieces.Select((part, i) => Of(i == 0 ? Headers : Continuation, (i == 0 ? EndStream : 0) | (i == pieces.Length - 1 ? EndHeaders : 0), stream, part)));
    }

    internal void Check(List<Packet> packets)
    {
        var observer = Observer.Of(packets);
        if (End is { } end)
        {
            observer.End(end);
        }

        Assert.Equal(Expected, observer.Exchanges.Select(seen => seen.Summary).Concat(observer.Calls.Select(seen => seen.Summary)));
        Assert.All(observer.Exchanges, seen =>
        {
            Assert.True(seen.Start <= seen.RequestEnd && seen.RequestEnd <= seen.Finish);
            Assert.True(seen.ResponseStart == 0 ? seen.Status is null : seen.ResponseStart >= seen.RequestEnd && seen.ResponseStart <= seen.Finish);
        });
        Assert.Equal(0, observer.Counters.LostSync);
        Assert.Equal(0, observer.Counters.Gaps);
        Assert.Equal(0, observer.Counters.Malformed);
        Assert.Equal(0, observer.Counters.DroppedRequests);
        Assert.Equal(0, observer.Counters.UnpairedResponses);
    }
}
