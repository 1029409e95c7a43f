using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Beyla.Exporters.Prometheus.Tests;

/// <summary>What goes over a connection, byte by byte.</summary>
public sealed class ScrapeConnectionTests
{
    private const string Get = "GET /m HTTP/1.1\r\nHost: whatever\r\n\r\n";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly CountingTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET /m HTTP/1.1\r\nConnection: close\r\n\r\n", 200)]
    [InlineData("GET /m HTTP/1.0\r\n\r\n", 200)]
    [InlineData("\r\n\r\nGET /m HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET /m?a=b HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET http://proxied:80/m?a=b HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET http://proxied HTTP/1.0\r\n\r\n", 404)]
    [InlineData("GET * HTTP/1.0\r\n\r\n", 404)]
    [InlineData("GET /m/ HTTP/1.0\r\n\r\n", 404)]
    [InlineData("POST /m HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 405)]
    [InlineData("POST /m HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 405)]
    [InlineData("GET /m\r\n\r\n", 400)]
    [InlineData("GET  /m HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /m HTTP/2.0\r\n\r\n", 400)]
    [InlineData("GET /m HTTP/1.1\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET /m HTTP/1.1\r\nspace : x\r\n\r\n", 400)]
    [InlineData("GET /m HTTP/1.1\r\n folded: x\r\n\r\n", 400)]
    [InlineData("\0\x01\x02\r\n\r\n", 400)]
    public async Task A_request_is_answered_and_the_connection_closed_where_none_can_follow(string request, int status)
    {
        await using var server = Start(out var port);
        using var socket = await ConnectAsync(port);

        await socket.SendAsync(Encoding.Latin1.GetBytes(request), Token);
        var answer = await ReadToEndAsync(socket);

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} "), answer);
        Assert.Contains("\r\nConnection: close\r\n", answer);
        Assert.Contains("\r\nDate: ", answer);
        Assert.Equal(status == 200, answer.EndsWith("\r\n\r\nx 1\n", StringComparison.Ordinal));
        Assert.Equal(status == 405, answer.Contains("\r\nAllow: GET, HEAD\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_follow_each_other_on_a_connection_however_they_are_cut()
    {
        await using var server = Start(out var port);
        using var socket = await ConnectAsync(port);
        var requests = $"{Get}{Get}HEAD /m HTTP/1.1\r\n\r\nGET /other HTTP/1.1\r\n\r\nGET /m HTTP/1.0\r\n\r\n";

        foreach (var piece in requests.Chunk(7))
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(piece), Token);
        }

        var answers = (await ReadToEndAsync(socket)).Split("HTTP/1.1 ")[1..];
        Assert.Equal(["200", "200", "200", "404", "200"], answers.Select(static answer => answer[..3]));
        Assert.Equal([true, true, false, false, true], answers.Select(static answer => answer.EndsWith("\r\n\r\nx 1\n", StringComparison.Ordinal)));
        Assert.Contains("Content-Length: 4\r\n", answers[2]);
    }

    [Fact]
    public async Task A_head_without_end_is_refused()
    {
        await using var server = Start(out var port);
        using var socket = await ConnectAsync(port);

        await socket.SendAsync(Encoding.Latin1.GetBytes("GET /m HTTP/1.1\r\nX: " + new string('a', 20_000)), Token);

        Assert.StartsWith("HTTP/1.1 431 ", await ReadToEndAsync(socket));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("GET /m HT", false)]
    [InlineData(Get, true)]
    public async Task A_client_that_sends_nothing_more_loses_its_connection_in_time(string begin, bool isAnswered)
    {
        await using var server = Start(out var port);
        using var socket = await ConnectAsync(port);
        await socket.SendAsync(Encoding.Latin1.GetBytes(begin), Token);
        if (isAnswered)
        {
            // A request that the server has not read yet is none when its time is up.
            await socket.ReceiveAsync(Memory<byte>.Empty, Token);
        }

        var answer = ReadToEndAsync(socket);
        // An answer needs three limits: for its head, for itself, and for the head that never comes.
        await _time.UntilTimersAsync(isAnswered ? 3 : 1);
        while (!answer.IsCompleted)
        {
            // The server may not have got to wait yet.
            _time.Advance(ScrapeConnection.IdleTimeout);
            await Task.Delay(10, Token);
        }

        Assert.Equal(isAnswered, (await answer).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scraper_keeps_its_connection_between_scrapes_and_one_that_never_asked_does_not()
    {
        await using var server = Start(out var port);
        using var silent = await ConnectAsync(port);
        await _time.UntilTimersAsync(1);
        _time.Advance(ScrapeConnection.HeadTimeout);
        Assert.Equal("", await ReadToEndAsync(silent).WaitAsync(Deadline, Token));

        using var scraper = await ConnectAsync(port);
        await scraper.SendAsync(Encoding.Latin1.GetBytes(Get), Token);
        Assert.StartsWith("HTTP/1.1 200 ", await ReadToAsync(scraper, "x 1\n").WaitAsync(Deadline, Token));
        // For the first head, for the answer, for the next head.
        await _time.UntilTimersAsync(4);
        _time.Advance(ScrapeConnection.IdleTimeout - TimeSpan.FromSeconds(1));
        await scraper.SendAsync("GET /m HTTP/1.0\r\n\r\n"u8.ToArray(), Token);
        Assert.StartsWith("HTTP/1.1 200 ", await ReadToEndAsync(scraper).WaitAsync(Deadline, Token));
    }

    [Fact]
    public async Task A_client_that_does_not_read_loses_its_connection_and_its_page()
    {
        await using var server = Start(out var port, new LongPage());
        for (var i = 0; i < PrometheusHttpServer.MaxPages * 2; i++)
        {
            using var deaf = await ConnectAsync(port);
            await deaf.SendAsync(Encoding.Latin1.GetBytes(Get), Token);
            while (!IsBroken(deaf))
            {
                _time.Advance(ScrapeConnection.SendTimeout);
                await Task.Delay(10, Token);
            }
        }

        using var socket = await ConnectAsync(port);
        await socket.SendAsync("GET /m HTTP/1.0\r\n\r\n"u8.ToArray(), Token);
        Assert.StartsWith("HTTP/1.1 200 ", await ReadToEndAsync(socket));
    }

    [Fact]
    public async Task Connections_beyond_the_most_are_refused_and_the_others_served()
    {
        await using var server = Start(out var port);
        var sockets = new List<Socket>();
        for (var i = 0; i < PrometheusHttpServer.MaxConnections; i++)
        {
            sockets.Add(await ConnectAsync(port));
        }

        using (var beyond = await ConnectAsync(port))
        {
            Assert.StartsWith("HTTP/1.1 503 ", await ReadToEndAsync(beyond));
        }

        foreach (var socket in sockets)
        {
            await socket.SendAsync("GET /m HTTP/1.0\r\n\r\n"u8.ToArray(), Token);
            Assert.StartsWith("HTTP/1.1 200 ", await ReadToEndAsync(socket));
            socket.Dispose();
        }
    }

    [Fact]
    public async Task Disposal_ends_what_is_under_way()
    {
        var server = Start(out var port, new LongPage());
        using var idle = await ConnectAsync(port);
        using var deaf = await ConnectAsync(port);
        await deaf.SendAsync(Encoding.Latin1.GetBytes(Get), Token);

        await server.DisposeAsync();

        Assert.Equal("", await ReadToEndAsync(idle));
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, port, Token);
        return socket;
    }

    private static async Task<string> ReadToAsync(Socket socket, string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && await socket.ReceiveAsync(buffer, Token) is var count and > 0)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, Token) is var count and > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        return text.ToString();
    }

    /// <summary>Whether the other side is gone, without taking what it has sent.</summary>
    private static bool IsBroken(Socket socket)
    {
        try
        {
            return socket.Send("\r\n"u8) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private PrometheusHttpServer Start(out int port, IMetricsPage? page = null)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var server = new PrometheusHttpServer(new() { Port = port, Address = "127.0.0.1" }, _time);
        server.Map("/m", page ?? new ShortPage());
        server.Start();
        return server;
    }

    /// <summary>Knows how many limits there have been, so that a test need not guess when the server has got to wait.</summary>
    private sealed class CountingTime : FakeTimeProvider
    {
        private int _timers;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _timers);
            return timer;
        }

        internal async Task UntilTimersAsync(int count)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
            limit.CancelAfter(Deadline);
            while (Volatile.Read(ref _timers) < count)
            {
                await Task.Delay(5, limit.Token);
            }
        }
    }

    private sealed class ShortPage : IMetricsPage
    {
        public void Write(PrometheusTextWriter writer) => writer.Sample("x", 1);
    }

    /// <summary>More than fits into the buffers of a connection.</summary>
    private sealed class LongPage : IMetricsPage
    {
        public void Write(PrometheusTextWriter writer)
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                writer.Sample("x", i);
            }
        }
    }
}
