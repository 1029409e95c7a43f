using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Sinks;

public sealed class DelegatingSinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_span_callback_sees_every_span_in_order()
    {
        var seen = new List<string?>();
        var sink = new CallbackSpanSink(span => seen.Add(((HttpSpan)span).Path));
        await sink.EmitAsync(Batch(3), Cancellation);
        Assert.Equal(["/0", "/1", "/2"], seen);
    }

    [Fact]
    public async Task A_batch_callback_sees_the_batch_and_the_cancellation()
    {
        using var source = new CancellationTokenSource();
        (int Length, CancellationToken Token) seen = default;
        var sink = new CallbackSpanSink((batch, token) =>
        {
            seen = (batch.Length, token);
            return ValueTask.CompletedTask;
        });
        await sink.EmitAsync(Batch(3), source.Token);
        Assert.Equal((3, source.Token), seen);
    }

    [Fact]
    public async Task An_exception_of_a_callback_reaches_the_pipeline()
    {
        var sink = new CallbackSpanSink((Span _) => throw new InvalidOperationException("no"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await sink.EmitAsync(Batch(1), Cancellation));
    }

    private static ReadOnlyMemory<Span> Batch(int count) =>
        Enumerable.Range(0, count).Select(number => (Span)Spans.Http($"/{number}", route: null)).ToArray();
}
