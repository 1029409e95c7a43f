using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Beyla.IntegrationTests.Fleet;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Whatever comes over a socket, nothing is invented, and what is right after it is still seen.</summary>
[Trait("kind", "capture")]
public sealed class BadInputTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private static readonly string[] Malformed =
    [
        "GET\r\n\r\n",
        "GET /no-version\r\n\r\n",
        "GET  /two-spaces HTTP/1.1\r\n\r\n",
        "GET /tab\tin HTTP/1.1\r\nHost: x\r\n\r\n",
        "get /small-letters HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /version HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET /lines HTTP/1.1\nHost: x\n\n",
        "GET /colon HTTP/1.1\r\nHost x\r\n\r\n",
        "GET /folded HTTP/1.1\r\nHost: x\r\n  y\r\n\r\n",
        "POST /lengths HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
        "POST /negative HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /huge HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "\0\0\0\0GET /zeros HTTP/1.1\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\r\n\r\n\r\nGET /empty-lines HTTP/1.1\r\nHost: x\r\n\r\n",
        "BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n",
    ];

    [Fact]
    public Task Malformed_requests_to_nginx_get_no_status_that_it_did_not_send() => SeesNothingWrongAsync(Servers.Nginx);

    [Fact]
    public Task Malformed_requests_to_Node_get_no_status_that_it_did_not_send() => SeesNothingWrongAsync(Servers.Node);

    [Fact]
    public Task Malformed_requests_to_Python_get_no_status_that_it_did_not_send() => SeesNothingWrongAsync(Servers.Python);

    [Fact]
    public async Task Random_bytes_in_both_directions_are_no_spans()
    {
        await using var noise = await OddServer.StartAsync("noise", Cancellation);
        await using var observer = await Observer.OfPortAsync(noise.Port, output, Cancellation);
        var random = new Random(7);
        for (var connection = 0; connection < 30; connection++)
        {
            using var socket = await Requests.ConnectAsync(noise.Endpoint, Cancellation);
            var buffer = new byte[4096];
            for (var turn = 0; turn < 6; turn++)
            {
                var bytes = new byte[random.Next(1, 3000)];
                random.NextBytes(bytes);
                // A TLS record would be counted as TLS.
                bytes[0] |= 0x80;
                await socket.SendAsync(bytes, Cancellation);
                Assert.True(await socket.ReceiveAsync(buffer, Cancellation) > 0);
            }
        }

        var statistics = await StopAsync(observer);
        Assert.Empty(observer.Spans);
        Assert.Equal(0, statistics.Captured);
        Assert.Equal(30, Count(statistics.Unfollowed, "unknown_protocol_connection") + Count(statistics.Unfollowed, "tls_connection"));
    }

    [Fact]
    public async Task A_connection_with_TLS_is_counted_and_not_a_span()
    {
        await using var server = await OddServer.StartAsync("noise", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        byte[] hello = [0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3, .. new byte[194]];
        await Requests.SendAsync(server.Port, hello, Cancellation);
        var statistics = await StopAsync(observer);
        Assert.Equal(1, Count(statistics.Unfollowed, "tls_connection"));
        Assert.Equal(0, statistics.Captured);
    }

    [Fact]
    public async Task A_request_line_of_100_KB_has_the_path_that_was_seen_and_says_that_it_is_not_whole()
    {
        await using var server = await OddServer.StartAsync("refuse", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        var path = "/" + new string('a', 50_000) + new string('b', 50_000);
        var answer = await Requests.SendAsync(server.Port, Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"), Cancellation);
        Assert.Equal([414], answer.Statuses);
        var span = Assert.Single(await observer.SpansOfAsync(server.Port, 1, Cancellation));
        output.WriteLine($"{span.Path!.Length} of {path.Length} characters, status {span.StatusCode}, {observer.Describe()}");
        Assert.True(span.PathTruncated);
        Assert.StartsWith(span.Path, path, StringComparison.Ordinal);
        Assert.True(span.Path.Length >= 100, $"'{span.Path}'");
        Assert.True(span.StatusCode is null or 414, $"{span.StatusCode}");
        Assert.True(Count(observer.Session.GetStatistics().Unfollowed, "head_truncated") >= 1, observer.Describe());
    }

    [Fact]
    public async Task A_target_with_control_characters_that_a_server_takes_is_seen()
    {
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        Assert.Equal([200], (await Requests.SendAsync(server.Port, "GET /\x1b[31mred HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancellation)).Statuses);
        var span = Assert.Single(await observer.SpansOfAsync(server.Port, 1, Cancellation));
        Assert.Equal(("/\u001b[31mred", (int?)200), (span.Path, span.StatusCode));
        Assert.Empty(observer.Session.GetStatistics().Losses);
    }

    [Fact]
    public async Task A_head_in_single_bytes_is_seen_as_if_it_were_whole()
    {
        await using var server = await OddServer.StartAsync("bytewise", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        using (var socket = await Requests.ConnectAsync(server.Endpoint, Cancellation))
        {
            foreach (var letter in "POST /letter/by/letter?q=1 HTTP/1.1\r\nHost: split.example\r\nX: y\r\n\r\n"u8.ToArray())
            {
                await socket.SendAsync(new[] { letter }, Cancellation);
                // Without it the server would read many at once.
                await Task.Yield();
            }

            await ReadAsync(socket, "bytes");
        }

        var span = Assert.Single(await observer.SpansOfAsync(server.Port, 1, Cancellation));
        Assert.Equal(("POST", "/letter/by/letter", "split.example", (int?)200, (long?)5), (span.Method, span.Path, span.Host, span.StatusCode, span.ResponseBodySize));
    }

    [Fact]
    public async Task Half_a_request_is_no_span()
    {
        await using var server = await OddServer.StartAsync("plain", Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        foreach (var half in (string[])["G", "GET", "GET /half", "GET /half HTTP/1.1\r\n", "GET /half HTTP/1.1\r\nHost: x\r\n"])
        {
            Assert.Empty((await Requests.SendAsync(server.Port, Encoding.ASCII.GetBytes(half), Cancellation)).Statuses);
        }

        await Requests.GetAsync(server.Port, "/whole", Cancellation);
        var spans = await observer.SpansOfAsync(server.Port, 1, Cancellation);
        Assert.Equal("/whole", Assert.Single(spans).Path);
        Assert.True(Count(observer.Session.GetStatistics().Losses, "head_incomplete") >= 2, observer.Describe());
    }

    [Fact]
    public async Task A_server_killed_inside_its_response_leaves_an_aborted_span_with_the_status_it_sent()
    {
        var span = await KillAsync("half");
        Assert.Equal((SpanEnd.Aborted, (int?)200, (long?)null, "response_aborted"), (span.End, span.StatusCode, span.ResponseBodySize, span.ErrorType));
    }

    [Fact]
    public async Task A_server_killed_before_its_response_leaves_an_aborted_span_without_a_status()
    {
        var span = await KillAsync("mute");
        Assert.Equal((SpanEnd.Aborted, (int?)null, (long?)null, "response_aborted"), (span.End, span.StatusCode, span.ResponseBodySize, span.ErrorType));
    }

    /// <summary>Asks a server and kills it when it has done with the request whatever it does.</summary>
    private async Task<HttpSpan> KillAsync(string behaviour)
    {
        await using var server = await OddServer.StartAsync(behaviour, Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        using var socket = await Requests.ConnectAsync(server.Endpoint, Cancellation);
        await socket.SendAsync("GET /killed HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
        await Poll.UntilAsync(() => server.Process.Output.Contains("done", StringComparison.Ordinal), () => "the server does not read", Cancellation);
        server.Process.Kill();
        await server.Process.WaitForExitAsync(Cancellation);

        var span = Assert.Single(await observer.SpansOfAsync(server.Port, 1, Cancellation));
        Assert.Equal(("GET", "/killed", server.Process.Id), (span.Method, span.Path, span.Service.ProcessId));
        return span;
    }

    private async Task SeesNothingWrongAsync(ServerKind kind)
    {
        await using var server = await FleetServer.StartAsync(kind, Cancellation);
        var port = server.Endpoint.Port;
        await using var observer = await Observer.OfPortAsync(port, output, Cancellation);
        var sent = new Dictionary<int, (string Request, IReadOnlyList<int> Statuses)>();
        foreach (var request in Malformed)
        {
            var answer = await Requests.SendAsync(port, Encoding.Latin1.GetBytes(request), Cancellation);
            Assert.True(sent.TryAdd(answer.SourcePort, (request, answer.Statuses)), "a port was used twice");
            await Requests.GetAsync(port, string.Create(CultureInfo.InvariantCulture, $"/good/{sent.Count}?size=1"), Cancellation);
        }

        var spans = await observer.SpansOfAsync(port, Malformed.Length, Cancellation);
        output.WriteLine(observer.Describe());
        Assert.Equal(
            Enumerable.Range(1, Malformed.Length).Select(static i => ((string?)$"/good/{i}", (int?)200)).Order(),
            spans.Where(span => !sent.ContainsKey(span.Source.Port)).Select(static span => (span.Path, span.StatusCode)).Order());
        foreach (var connection in spans.Where(span => sent.ContainsKey(span.Source.Port)).GroupBy(static span => span.Source.Port))
        {
            var (request, statuses) = sent[connection.Key];
            var seen = connection.Where(static span => span.StatusCode is not null).Select(static span => span.StatusCode!.Value).ToArray();
            output.WriteLine($"{request.ReplaceLineEndings("~")}: sent {string.Join(',', statuses)}, seen {string.Join(", ", connection.Select(static span => $"{span.Method} {span.Path} {span.StatusCode}"))}");
            Assert.True(seen.Length <= statuses.Count && seen.All(statuses.Contains), $"'{request}' was answered with [{string.Join(',', statuses)}], seen was [{string.Join(',', seen)}]");
        }
    }

    private static async Task ReadAsync(Socket socket, string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.True(read > 0, $"the connection ended after '{text}'");
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
    }

    private static async Task<SessionStatistics> StopAsync(Observer observer)
    {
        await observer.Session.StopAsync(Cancellation);
        return observer.Session.GetStatistics();
    }

    private static long Count(IEnumerable<SessionDrop> drops, string reason) => drops.Where(drop => drop.Reason == reason).Sum(static drop => drop.Count);
}
