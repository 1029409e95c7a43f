using Beyla.Core.Tests.Sinks;
using Beyla.Pipeline;
using Beyla.Sinks;
using Beyla.Tracing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beyla.Core.Tests.Pipeline;

public sealed class SinkQueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sink_that_wants_none_is_offered_none()
    {
        var sink = new FakeSink { IsEnabled = false };
        await using var queue = Queue(sink);
        Assert.False(queue.IsEnabled);
        queue.Offer(Spans.Http());
        sink.IsEnabled = true;
        Assert.True(queue.IsEnabled);
        queue.Offer(Spans.Http());
        await queue.CompleteAsync(Cancellation);
        Assert.Equal((1, 1), (queue.GetStatistics().Received, queue.GetStatistics().Exported));
    }

    [Fact]
    public async Task The_end_comes_after_the_last_span()
    {
        var sink = new FakeSink();
        await using var queue = Queue(sink);
        queue.Offer(Spans.Http());
        queue.Offer(Spans.Http());
        await queue.CompleteAsync(Cancellation);
        Assert.Equal(["span", "span", "complete"], sink.Diary);
    }

    [Fact]
    public async Task A_sink_that_fails_at_the_end_holds_up_nobody()
    {
        await using var queue = Queue(new FakeSink { Complete = _ => throw new InvalidOperationException("no") });
        await queue.CompleteAsync(Cancellation);
    }

    [Fact]
    public async Task A_sink_that_never_comes_to_an_end_is_left_behind()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var queue = Queue(new FakeSink { Complete = async _ => await Task.Delay(Timeout.Infinite, Cancellation) });
        limit.CancelAfter(TimeSpan.FromMilliseconds(50));
        await queue.CompleteAsync(limit.Token);
        Assert.False(Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task What_a_sink_gives_up_at_the_end_is_accounted_for_at_the_end()
    {
        await using var queue = Queue(new FakeSink { Emit = static async cancellationToken => await Task.Delay(Timeout.Infinite, cancellationToken) });
        for (var i = 0; i < 10; i++)
        {
            queue.Offer(Spans.Http());
        }

        await queue.CompleteAsync(new CancellationToken(canceled: true));

        var statistics = queue.GetStatistics();
        Assert.Equal((10, 0, 0, 10), (statistics.Received, statistics.Queued, statistics.Exported, statistics.Dropped + statistics.Failed));
    }

    [Fact]
    public async Task A_sink_that_still_has_a_batch_is_not_told_of_the_end()
    {
        var released = new TaskCompletionSource();
        var sink = new FakeSink { Emit = _ => new(released.Task) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var queue = Queue(sink);
        queue.Offer(Spans.Http());
        limit.CancelAfter(TimeSpan.FromMilliseconds(50));
        await queue.CompleteAsync(limit.Token);
        Assert.DoesNotContain("complete", sink.Diary);
        released.SetResult();
    }

    private static SinkQueue Queue(ISpanSink sink) => new("sink", sink, capacity: 16, batchSize: 4, NullLogger.Instance);

    private sealed class FakeSink : ISpanSink
    {
        internal List<string> Diary { get; } = [];

        internal Func<CancellationToken, ValueTask> Emit { get; init; } = _ => ValueTask.CompletedTask;

        internal Func<CancellationToken, ValueTask> Complete { get; init; } = _ => ValueTask.CompletedTask;

        public bool IsEnabled { get; set; } = true;

        public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
        {
            Diary.AddRange(Enumerable.Repeat("span", batch.Length));
            return Emit(cancellationToken);
        }

        public ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            Diary.Add("complete");
            return Complete(cancellationToken);
        }
    }
}
