using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Beyla.IntegrationTests.Fleet;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Capture;

/// <summary>What clients of HTTP/2 do wrong makes nothing up, is counted, and does not hide what is right after it.</summary>
[Trait("kind", "capture")]
public sealed class BadFramesTests(ITestOutputHelper output)
{
    private const int AtOnce = 12;

    private static readonly Tool Curl = new("curl", "curl");
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public Task To_nginx() => SeesNothingWrongAsync(Servers.Nginx.Http2);

    [Fact]
    public Task To_Kestrel() => SeesNothingWrongAsync(Servers.Kestrel.Http2);

    [Fact]
    public Task To_Go() => SeesNothingWrongAsync(Servers.GoHttp2Of("1.27", isStripped: true));

    private async Task SeesNothingWrongAsync(ServerKind kind)
    {
        await using var server = await FleetServer.StartAsync(kind, Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Endpoint.Port, output, Cancellation);
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus")).Where(static file => !Path.GetFileName(file).StartsWith("real-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        var sent = new Dictionary<int, string>();
        foreach (var some in files.Chunk(AtOnce))
        {
            var ports = await Task.WhenAll(some.Select(file => SendAsync(server.Endpoint, file)));
            Assert.All(some.Zip(ports), pair => Assert.True(sent.TryAdd(pair.Second, pair.First), "a port was used twice"));
        }

        string[] paths = [.. Enumerable.Range(0, 5).Select(static i => string.Create(CultureInfo.InvariantCulture, $"/status/200/{i}"))];
        foreach (var path in paths)
        {
            await using var curl = await TargetProcess.StartAsync(new ProcessSpec(
                Tooling.Require(Curl), ["--silent", "--http2-prior-knowledge", new Uri(server.Url, $"{path}?size=17").ToString(), "--output", "/dev/null"]));
            Assert.Equal(0, await curl.WaitForExitAsync(Cancellation));
        }

        await Poll.UntilAsync(() => paths.All(path => observer.Spans.Any(span => span.Path == path)), observer.Describe, Cancellation);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, expected: 0, Cancellation);
        output.WriteLine(observer.Describe());
        Assert.True(files.Length > 50, $"{files.Length} files");
        Assert.Equal(paths, spans.Where(span => !sent.ContainsKey(span.Source.Port)).Select(static span => $"{span.Path}").Order(StringComparer.Ordinal));
        var log = (await server.WaitForCountAsync(paths.Length, Cancellation)).Select(static entry => (entry.Seen.Path, entry.Seen.Status)).ToHashSet();
        Assert.All(spans.Where(span => sent.ContainsKey(span.Source.Port)), span => ExpectTruth(span, sent[span.Source.Port], log));
        Assert.Contains(observer.Session.GetStatistics().Losses, static loss => loss is { Reason: "message_malformed", Count: > 0 });
        Assert.Contains(observer.Session.GetStatistics().Losses, static loss => loss is { Reason: "frames_lost", Count: > 0 });
    }

    /// <summary>The path is one that was sent, and where the server has served it the status is that of its log.</summary>
    private static void ExpectTruth(HttpSpan span, string file, HashSet<(string Path, int? Status)> log)
    {
        var text = File.ReadAllText(file);
        Assert.True(span.Path is null || text.Contains(Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(span.Path)), StringComparison.Ordinal), $"{file}: {span.Path}");
        var isServed = log.Any(entry => entry.Path == span.Path);
        Assert.True(span.StatusCode is null || span.Path is null || !isServed || log.Contains((span.Path, span.StatusCode)), $"{file}: {span.Path} {span.StatusCode}");
    }

    /// <returns>The port that it was sent from.</returns>
    private static async Task<int> SendAsync(EndPoint server, string file)
    {
        using var socket = await Requests.ConnectAsync(server, Cancellation);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        try
        {
            foreach (var line in (await File.ReadAllLinesAsync(file, Cancellation)).Where(static line => line[0] == '>'))
            {
                await socket.SendAsync(Convert.FromHexString(line[2..]), Cancellation);
                await Task.Delay(2, Cancellation); // so that the server reads it by itself
            }

            socket.Shutdown(SocketShutdown.Send);
            patience.CancelAfter(Patience);
            var buffer = new byte[65536];
            while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The server may well end such a connection with a reset.
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            // Or wait for more.
        }

        return port;
    }
}
