using Beyla.Capture;

namespace Beyla.Core.Tests.Protocols.Http1;

/// <summary>A conversation, how its connection ends if that matters, and what has to be seen of it.</summary>
internal sealed record Scenario(string Name, Conversation Conversation, string[] Expected, SocketEnd? End = null)
{
    private const string Get = "GET /a?x=1 HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10;e=\"1\"\r\n0123456789abcdef\r\n0\r\n";

    internal static readonly Scenario[] All =
    [
        new("one exchange", Server.Request(Get).Response(Ok), ["GET /a @h 200 0/5 Framed"]),
        new("one exchange of a client", Client.Request(Get).Response(Ok), ["GET /a @h 200 0/5 Framed"]),
        new("keep-alive", Server.Request(Get).Response(Ok).Request(Get).Response(Ok), ["GET /a @h 200 0/5 Framed", "GET /a @h 200 0/5 Framed"]),
        new("bare line feeds and blank lines before requests",
            Server.Request("\r\n\nGET / HTTP/1.0\nHost: h\n\n").Response("HTTP/1.1 200\nContent-Length: 1\n\nx").Request("\r\n" + Get).Response(Ok),
            ["GET / @h 200 0/1 Framed", "GET /a @h 200 0/5 Framed"]),
        new("body in its own write",
            Server.Request("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n").Request("0123456789")
                .Response("HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\n").Response("abc"),
            ["POST /p @h 201 10/3 Framed"]),
        new("pipelining in one write",
            Server.Request(Get + "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nGET HEAD /c HTTP/1.1\r\nHost: h\r\n\r\n")
                .Response(Ok + "HTTP/1.1 404 Not Found\r\nContent-Length: 8\r\n\r\nHTTP/1.1HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"),
            ["GET /a @h 200 0/5 Framed", "POST /b @h 404 4/8 Framed", "HEAD /c @h 200 0/0 Framed"]),
        new("pipelining across turns",
            Client.Request(Get).Request(Get).Response(Ok).Request("DELETE /d HTTP/1.1\r\nHost: h\r\n\r\n").Response(Ok).Response("HTTP/1.1 204 No Content\r\n\r\n"),
            ["GET /a @h 200 0/5 Framed", "GET /a @h 200 0/5 Framed", "DELETE /d @h 204 0/0 Framed"]),
        new("chunked response with extension", Server.Request(Get).Response(Chunked + "\r\n").Request(Get).Response(Ok),
            ["GET /a @h 200 0/21 Framed", "GET /a @h 200 0/5 Framed"]),
        new("chunked response with trailers", Server.Request(Get).Response(Chunked + "Server-Timing: db;dur=1\r\nX: y\r\n\r\n" + Ok).Request(Get).Response(Ok),
            ["GET /a @h 200 0/21 Framed", "GET /a @h 200 0/5 Framed"]),
        new("chunked request",
            Server.Request("PUT /u HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n").Request("3\r\nabc\r\n").Request("0\r\n\r\n").Response(Ok),
            ["PUT /u @h 200 3/5 Framed"]),
        new("chunks with bare line feeds", Server.Request(Get).Response("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n").Request(Get).Response(Ok),
            ["GET /a @h 200 0/3 Framed", "GET /a @h 200 0/5 Framed"]),
        new("100-continue",
            Server.Request("POST /p HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
                .Response("HTTP/1.1 100 Continue\r\n\r\n").Request("abc").Response(Ok),
            ["POST /p @h 200 3/5 Framed"]),
        new("early hints", Client.Request(Get).Response("HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n").Response(Ok), ["GET /a @h 200 0/5 Framed"]),
        new("early response",
            Server.Request("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc").Response("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
                .Request("def").Request(Get).Response(Ok),
            ["POST /p @h 413 6/0 Framed", "GET /a @h 200 0/5 Framed"]),
        new("early response to a chunked request",
            Server.Request("POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n").Response("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
                .Request("3\r\ndef\r\n0\r\n\r\n").Request(Get).Response(Ok),
            ["POST /p @h 413 -/0 Framed", "GET /a @h 200 0/5 Framed"]),
        new("no content by status",
            Server.Request(Get).Response("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n").Request(Get).Response("HTTP/1.1 204 No Content\r\n\r\n"),
            ["GET /a @h 304 0/0 Framed", "GET /a @h 204 0/0 Framed"]),
        new("until close, server", Server.Request(Get).Response("HTTP/1.0 200 OK\r\n\r\nhello").Response(" world"), ["GET /a @h 200 0/11 ConnectionClosed"], SocketEnd.Shut),
        new("until close, client", Client.Request(Get).Response("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"), ["GET /a @h 200 0/5 ConnectionClosed"], SocketEnd.EndOfInput),
        new("until close by an unknown coding", Client.Request(Get).Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhello"),
            ["GET /a @h 200 0/5 ConnectionClosed"], SocketEnd.Closed),
        new("absolute form", Client.Request("GET http://u@o:81?q HTTP/1.1\r\nHost: h\r\n\r\n").Response(Ok), ["GET / @o:81 200 0/5 Framed"]),
        new("web socket", Server.Request("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n").Response("HTTP/1.1 101 Switching Protocols\r\n\r\n").Request("GET / HTTP/1.1\r\n\r\n"),
            ["GET /ws @h 101 0/0 Framed"]),
        new("a stream of events",
            Server.Request(Get).Response("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n")
                .Response("9\r\ndata: 2\n\n\r\n0\r\n\r\n").Request(Get).Response(Ok),
            ["GET /a @h 200 0/- Streaming", "GET /a @h 200 0/5 Framed"]),
        new("events until close",
            Client.Request(Get).Response("HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n\r\ndata: 1\n\n").Response("HTTP/1.1 200 OK\r\n\r\n"),
            ["GET /a @h 200 0/- Streaming"],
            SocketEnd.Closed),
        new("events of a known length",
            Server.Request(Get).Response("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\ndata: 1\n\n"),
            ["GET /a @h 200 0/9 Framed"]),
        new("tunnel", Client.Request("CONNECT o:443 HTTP/1.1\r\nHost: o:443\r\n\r\n").Response("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n").Request("\x16\x03\x01\x01\x01\x01"),
            ["CONNECT  @o:443 200 0/0 Framed"]),
        new("refused tunnel", Client.Request("CONNECT o:443 HTTP/1.1\r\nHost: o:443\r\n\r\n").Response("HTTP/1.1 407 Auth\r\nContent-Length: 2\r\n\r\nno").Request(Get).Response(Ok),
            ["CONNECT  @o:443 407 0/2 Framed", "GET /a @h 200 0/5 Framed"]),
        new("response cut off", Server.Request(Get).Response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"), ["GET /a @h 200 0/- Aborted"], SocketEnd.Closed),
        new("no response", Client.Request(Get), ["GET /a @h - 0/- Aborted"], SocketEnd.Reset),
        new("request cut off", Server.Request("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"), ["POST / @h - -/- Aborted"], SocketEnd.Closed),
    ];

    private static Conversation Server => new(SocketDirection.Received);

    private static Conversation Client => new(SocketDirection.Sent);

    internal static TheoryData<string> Names => [.. All.Select(scenario => scenario.Name)];

    internal static Scenario Named(string name) => All.Single(scenario => scenario.Name == name);

    internal void Check(List<Packet> packets)
    {
        var observer = Observer.Of(packets);
        if (End is { } end)
        {
            observer.End(end);
        }

        Assert.Equal(Expected, observer.Exchanges.Select(seen => seen.Summary));
        Assert.All(observer.Exchanges, seen =>
        {
            Assert.True(seen.Start <= seen.RequestEnd && seen.RequestEnd <= seen.Finish);
            Assert.True(seen.ResponseStart == 0 ? seen.Status is null : seen.ResponseStart >= seen.RequestEnd && seen.ResponseStart <= seen.Finish);
        });
        Assert.Equal(0, observer.Counters.LostSync);
        Assert.Equal(0, observer.Counters.Gaps);
        Assert.Equal(0, observer.Counters.Malformed);
    }
}
