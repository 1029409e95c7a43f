using System.Diagnostics;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>What lives on after the answer is not the request's duration.</summary>
[Trait("kind", "capture")]
public sealed class LongLivedTests(ITestOutputHelper output)
{
    private const int Requests = 5;

    private static readonly TimeSpan Lingering = TimeSpan.FromMilliseconds(3 * 150);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_of_events_lasts_until_it_begins() =>
        Assert.All(await AskAsync("events"), static span => Assert.Equal((200, SpanEnd.Streaming, (long?)null), (span.StatusCode!.Value, span.End, span.ResponseBodySize)));

    [Fact]
    public async Task A_web_socket_lasts_until_it_is_one() =>
        Assert.All(await AskAsync("switch"), static span => Assert.Equal((101, SpanEnd.Framed), (span.StatusCode!.Value, span.End)));

    private async Task<IReadOnlyList<Protocols.Http.HttpSpan>> AskAsync(string behaviour)
    {
        await using var server = await OddServer.StartAsync(behaviour, Cancellation);
        await using var observer = await Observer.OfPortAsync(server.Port, output, Cancellation);
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < Requests; i++)
        {
            var watch = Stopwatch.StartNew();
            var answer = await Capture.Requests.SendAsync(server.Port, "GET /long HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"u8.ToArray(), Cancellation);
            Assert.True(watch.Elapsed >= Lingering, $"over after {watch.Elapsed}: {answer.Text}");
            shortest = watch.Elapsed < shortest ? watch.Elapsed : shortest;
        }

        var spans = await observer.SpansOfAsync(server.Port, Requests, Cancellation);
        output.WriteLine($"{string.Join(", ", spans.Select(static span => $"{span.Duration.TotalMilliseconds} ms"))}; {observer.Describe()}");
        Assert.Equal(Requests, spans.Count);
        Assert.All(spans, static span => Assert.Equal("/long", span.Path));
        Assert.True(spans.Max(static span => span.Duration) < Lingering, $"{spans.Max(static span => span.Duration)} of {shortest}");
        return spans;
    }
}
