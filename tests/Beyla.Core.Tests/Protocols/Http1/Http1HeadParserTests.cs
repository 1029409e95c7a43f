using System.Text;
using Beyla.Protocols.Http1;
using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Protocols.Http1;

public sealed class Http1HeadParserTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "GET", "/", "", 1)]
    [InlineData("GET /a/b?c=/d#e HTTP/1.0\r\nHost: h:80\r\n\r\n", "GET", "/a/b", "h:80", 0)]
    [InlineData("GET /#/x HTTP/1.1\nhost:h\n\n", "GET", "/", "h", 1)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHOST:\t h \r\n\r\n", "OPTIONS", "*", "h", 1)]
    [InlineData("GET http://a.b:8/c?d HTTP/1.1\r\nHost: other\r\n\r\n", "GET", "/c", "a.b:8", 1)]
    [InlineData("GET http://a HTTP/1.1\r\n\r\n", "GET", "/", "a", 1)]
    [InlineData("GET /http://a?b HTTP/1.1\r\n\r\n", "GET", "/http://a", "", 1)]
    [InlineData("CONNECT a:443 HTTP/1.1\r\n\r\n", "CONNECT", "", "a:443", 1)]
    [InlineData("VERSION-CONTROL /x HTTP/1.1\r\nHost:\r\n h\r\n\r\n", "VERSION-CONTROL", "/x", "h", 1)]
    [InlineData("GET /\xe4\xf6 HTTP/1.1 \r\n\r\n", "GET", "/\xe4\xf6", "", 1)]
    public void Reads_request_lines(string text, string method, string path, string host, int minor)
    {
        Assert.Equal(HeadResult.Complete, Http1HeadParser.Parse(Bytes(text), out var head));
        Assert.False(head.IsResponse);
        Assert.Equal((method, path, host, minor), (Text(head.Method), Text(head.Path), Text(head.Host), head.VersionMinor));
        Assert.False(head.PathTruncated);
        Assert.Equal(text.Length, head.Length);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 200)]
    [InlineData("HTTP/1.0 999\r\n\r\n", 999)]
    [InlineData("HTTP/1.1 404 Not Found\nA: b\n\n", 404)]
    [InlineData("HTTP/1.1 100 \r\n\r\n", 100)]
    public void Reads_status_lines(string text, int status)
    {
        Assert.Equal(HeadResult.Complete, Http1HeadParser.Parse(Bytes(text), out var head));
        Assert.True(head.IsResponse);
        Assert.Equal((status, text.Length), (head.StatusCode, head.Length));
    }

    [Theory]
    [InlineData("get / HTTP/1.1\r\n\r\n")]
    [InlineData("1GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\n\r\n")]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\n\r\n")]
    [InlineData("PRI * HTTP/1.1\r\n\r\n")]
    [InlineData("PRI * HTTP/2.1\r\n\r\n")]
    [InlineData("PRI /a HTTP/2.0\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\nField: of a request\r\n\r\n")]
    [InlineData("OPTIONS rtsp://a RTSP/1.0\r\n\r\n")]
    [InlineData("GET /\0")]
    [InlineData("GET /\0 ")]
    [InlineData("GET /\0 HTTP/2.0\r\n\r\n")]
    [InlineData("GET /\r HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1x\r\n\r\n")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\n\r\n")]
    [InlineData("HTTP/1.1 099 No\r\n\r\n")]
    [InlineData("HTTP/1.1 20x No\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 No\r\n\r\n")]
    [InlineData("*1\r\n$4\r\nPING\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    public void Knows_what_is_not_http(string text) => Assert.Equal(HeadResult.NotMine, Http1HeadParser.Parse(Bytes(text), out _));

    [Theory]
    [InlineData("/\0")]
    [InlineData("/\x1b[31mred")]
    [InlineData("/tab\tin")]
    public void Takes_a_target_with_control_characters_as_some_servers_do(string target)
    {
        Assert.Equal(HeadResult.Complete, Http1HeadParser.Parse(Bytes($"GET {target} HTTP/1.1\r\n\r\n"), out var head));
        Assert.Equal(target, Encoding.ASCII.GetString(head.Path));
    }

    [Theory]
    [InlineData("", -1)]
    [InlineData("Content-Length: 0\r\n", 0)]
    [InlineData("content-length:5\r\nCONTENT-LENGTH: 5\r\n", 5)]
    [InlineData("Content-Length: 5, 5\r\n", 5)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n", -2)]
    [InlineData("Content-Length: 6, 5, 6\r\n", -2)]
    [InlineData("Content-Length: -1\r\n", -2)]
    [InlineData("Content-Length: 0x10\r\n", -2)]
    [InlineData("Content-Length: 99999999999999999999\r\n", -2)]
    [InlineData("Content-Length:\r\n", -2)]
    [InlineData("Content-Length:\r\n\t7\r\n", 7)]
    [InlineData("X-Content-Length: 7\r\nContent-Lengthy: 8\r\n", -1)]
    public void Reads_content_length(string fields, long expected)
    {
        Assert.Equal(HeadResult.Complete, Http1HeadParser.Parse(Bytes("GET / HTTP/1.1\r\n" + fields + "\r\n"), out var head));
        Assert.Equal(expected, head.ContentLength);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", HeadFlags.TransferEncoding | HeadFlags.Chunked)]
    [InlineData("transfer-encoding: gzip , CHUNKED ", HeadFlags.TransferEncoding | HeadFlags.Chunked)]
    [InlineData("Transfer-Encoding: chunked, gzip", HeadFlags.TransferEncoding)]
    [InlineData("Expect: 100-Continue", HeadFlags.ExpectContinue)]
    [InlineData("Connection: Upgrade, close", HeadFlags.Close)]
    [InlineData("Connection: keep-alive\r\nUpgrade: websocket", HeadFlags.KeepAlive | HeadFlags.Upgrade)]
    [InlineData("Connection: enclose", HeadFlags.None)]
    [InlineData(": x\r\nnonsense\r\nT:\r\nC", HeadFlags.None)]
    internal void Reads_flags(string fields, HeadFlags expected)
    {
        Assert.Equal(HeadResult.Complete, Http1HeadParser.Parse(Bytes("GET / HTTP/1.1\r\n" + fields + "\r\n\r\n"), out var head));
        Assert.Equal(expected, head.Flags);
    }

    [Fact]
    public void A_cut_head_gives_what_is_certain()
    {
        const string text = "POST /path/to?q=1 HTTP/1.1\r\nHost: host\r\nContent-Length: 12\r\nX: y\r\n\r\n";
        for (var length = 1; length < text.Length; length++)
        {
            Assert.Equal(HeadResult.NeedMore, Http1HeadParser.Parse(Bytes(text)[..length], out var head));
            Assert.StartsWith(Text(head.Method), "POST", StringComparison.Ordinal);
            Assert.StartsWith(Text(head.Path), "/path/to", StringComparison.Ordinal);
            Assert.Equal(length > text.IndexOf(' ', StringComparison.Ordinal) && length < text.IndexOf('?', StringComparison.Ordinal) + 1, head.PathTruncated);
            Assert.Equal(length > text.IndexOf("Content", StringComparison.Ordinal) ? "host" : "", Text(head.Host));
            Assert.Equal(length > text.IndexOf("X:", StringComparison.Ordinal) ? 12 : -1, head.ContentLength);
            Assert.Equal(length > text.IndexOf('\n', StringComparison.Ordinal), head.HasStartLine);
        }
    }

    [Fact]
    public void A_truncated_authority_leaves_path_and_host_unknown()
    {
        Assert.Equal(HeadResult.NeedMore, Http1HeadParser.Parse("GET http://hos"u8, out var head));
        Assert.True(head.PathTruncated);
        Assert.True(head.Path.IsEmpty && head.Host.IsEmpty);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nA: b\r\n\r\nGET")]
    [InlineData("GET / HTTP/1.1\nA: b\n\nGET")]
    [InlineData("GET / HTTP/1.1\r\n\r\n\r\n")]
    public void The_search_for_the_end_agrees_with_the_parser(string text)
    {
        Assert.Equal(HeadResult.Complete, Http1HeadParser.Parse(Bytes(text), out var head));
        for (var from = 0; from < head.Length; from++)
        {
            Assert.True(Http1HeadParser.HasHeadEnd(Bytes(text)[..head.Length], from));
        }

        Assert.False(Http1HeadParser.HasHeadEnd(Bytes(text)[..(head.Length - 1)], 0));
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        var bytes = Encoding.Latin1.GetBytes("GET /a?b HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nContent-Length: 5, 5\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n");
        Assert.Equal(0, Allocations.Of(() => Http1HeadParser.Parse(bytes, out _)));
    }

    private static ReadOnlySpan<byte> Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
