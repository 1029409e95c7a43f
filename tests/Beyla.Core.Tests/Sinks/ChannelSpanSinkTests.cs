using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Telemetry;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Sinks;

public sealed class ChannelSpanSinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_channel_drops_the_oldest_and_counts_them()
    {
        var sink = new ChannelSpanSink(capacity: 3);
        await sink.EmitAsync(Batch(5), Cancellation);
        await sink.DisposeAsync();
        Assert.Equal(["/2", "/3", "/4"], await Paths(sink));
        Assert.Equal(2, sink.DroppedSpans);
    }

    [Fact]
    public async Task Reading_ends_with_the_sink_and_later_spans_are_counted()
    {
        var sink = new ChannelSpanSink();
        var reading = Paths(sink);
        await sink.EmitAsync(Batch(2), Cancellation);
        await sink.DisposeAsync();
        await sink.DisposeAsync();
        Assert.Equal(["/0", "/1"], await reading);
        await sink.EmitAsync(Batch(4), Cancellation);
        Assert.Equal(4, sink.DroppedSpans);
    }

    [Fact]
    public void A_channel_without_room_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChannelSpanSink(0));

    [Fact]
    public async Task Reading_ends_when_the_session_has_stopped()
    {
        var sink = new ChannelSpanSink();
        await sink.EmitAsync(Batch(2), Cancellation);
        await sink.CompleteAsync(Cancellation);
        Assert.Equal(["/0", "/1"], await Paths(sink));
    }

    [Fact]
    public async Task Each_span_goes_to_one_of_several_consumers()
    {
        var sink = new ChannelSpanSink();
        var readings = Enumerable.Range(0, 3).Select(_ => Paths(sink)).ToArray();
        for (var i = 0; i < 20; i++)
        {
            await sink.EmitAsync(Batch(10), Cancellation);
        }

        await sink.CompleteAsync(Cancellation);
        var read = (await Task.WhenAll(readings)).SelectMany(paths => paths).ToList();
        Assert.Equal(200, read.Count);
        Assert.All(Enumerable.Range(0, 10), number => Assert.Equal(20, read.Count(path => path == $"/{number}")));
    }

    [Fact]
    public async Task A_cancelled_consumer_leaves_the_spans_to_the_next()
    {
        var sink = new ChannelSpanSink();
        using var source = new CancellationTokenSource();
        var reading = Task.Run(
            async () =>
            {
                await foreach (var span in sink.ReadAllAsync(source.Token))
                {
                    await source.CancelAsync();
                }
            },
            Cancellation);
        await sink.EmitAsync(Batch(3), Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await sink.DisposeAsync();
        Assert.NotEmpty(await Paths(sink));
    }

    [Fact]
    public async Task The_account_of_a_channel_is_told()
    {
        var sink = new ChannelSpanSink(capacity: 3) { Name = "mine" };
        await sink.EmitAsync(Batch(5), Cancellation);
        Assert.True(sink.Reader.TryRead(out _));
        Assert.Equal(
            [("beyla.channel.spans", 1, "mine,read"), ("beyla.channel.spans", 2, "mine,dropped"), ("beyla.channel.queued.spans", 2, "mine")],
            from pair in TelemetryValues.Of(sink).ByInstrument from value in pair.Value select (pair.Key.Name, value.Value, string.Join(',', value.Attributes)));
    }

    private static async Task<List<string>> Paths(ChannelSpanSink sink)
    {
        var paths = new List<string>();
        await foreach (var span in sink.ReadAllAsync(Cancellation))
        {
            paths.Add(((HttpSpan)span).Path!);
        }

        return paths;
    }

    private static ReadOnlyMemory<Span> Batch(int count) =>
        Enumerable.Range(0, count).Select(number => (Span)Spans.Http($"/{number}", route: null)).ToArray();
}
