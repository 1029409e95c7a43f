using System.Text;
using BenchmarkDotNet.Attributes;
using Beyla.Protocols.Http1;

namespace Beyla.Benchmarks;

/// <summary>One head from the first byte to the empty line.</summary>
[MemoryDiagnoser]
public class ParseHead
{
    private static readonly byte[] Browser = Encoding.ASCII.GetBytes(
        """
        GET /shop/articles/4711?colour=blue&size=xl HTTP/1.1
        Host: shop.example.com
        Connection: keep-alive
        Cache-Control: max-age=0
        sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Linux"
        Upgrade-Insecure-Requests: 1
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
        Sec-Fetch-Site: none
        Sec-Fetch-Mode: navigate
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-GB,en;q=0.9
        Cookie: session=0123456789abcdef0123456789abcdef; basket=3; consent=essential


        """.ReplaceLineEndings("\r\n"));

    [Benchmark]
    public int SmallRequest() => Parse("GET /user/4711/info HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: wrk/4.1.0\r\nAccept: */*\r\n\r\n"u8);

    [Benchmark]
    public int BrowserRequest() => Parse(Browser);

    [Benchmark]
    public int TracedRequest() => Parse(
        "POST /orders HTTP/1.1\r\nHost: orders:8080\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nContent-Type: application/json\r\nContent-Length: 512\r\n\r\n"u8);

    [Benchmark]
    public int Response() => Parse(
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 13:49:04 GMT\r\nContent-Type: text/plain\r\nContent-Length: 127\r\nConnection: keep-alive\r\n\r\n"u8);

    private static int Parse(ReadOnlySpan<byte> bytes) =>
        Http1HeadParser.Parse(bytes, out var head) == HeadResult.Complete ? head.Length : throw new InvalidOperationException("The head is not whole.");
}
