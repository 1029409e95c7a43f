using System.IO.Pipes;
using System.Text;
using Beyla.Sinks;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Sinks;

public sealed class ConsoleSpanSinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_is_one_write_followed_by_a_flush()
    {
        var stream = new CountingStream();
        var sink = new ConsoleSpanSink(stream);
        await sink.EmitAsync(Batch("/a", "/b", "/größe"), Cancellation);
        Assert.Equal((1, 1), (stream.Writes, stream.Flushes));
        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains(" GET /größe ", lines[2], StringComparison.Ordinal);
        Assert.Empty(lines[3]);
    }

    [Fact]
    public async Task Batches_follow_one_another_without_repeating()
    {
        var writer = new StringWriter();
        var sink = new ConsoleSpanSink(writer);
        await sink.EmitAsync(Batch("/a"), Cancellation);
        await sink.EmitAsync(Batch("/b"), Cancellation);
        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains(" /a ", lines[0], StringComparison.Ordinal);
        Assert.Contains(" /b ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_went_away_silences_the_sink_and_is_counted()
    {
        await using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        output.ClientSafePipeHandle.Dispose();
        output.DisposeLocalCopyOfClientHandle();
        var sink = new ConsoleSpanSink(output);
        await sink.EmitAsync(Batch("/a", "/b"), Cancellation);
        Assert.True(sink.IsClosed);
        await sink.EmitAsync(Batch("/c"), Cancellation);
        Assert.Equal(3, sink.UnprintedSpans);
    }

    [Fact]
    public async Task A_closed_stream_silences_the_sink_and_is_counted()
    {
        var stream = new MemoryStream();
        await stream.DisposeAsync();
        var sink = new ConsoleSpanSink(stream);
        await sink.EmitAsync(Batch("/a"), Cancellation);
        Assert.Equal((true, 1L), (sink.IsClosed, sink.UnprintedSpans));
    }

    [Fact]
    public async Task Another_failure_is_left_to_the_pipeline_and_the_next_batch_is_tried()
    {
        var stream = new CountingStream { Failure = new IOException("disk full", 28) };
        var sink = new ConsoleSpanSink(stream);
        await Assert.ThrowsAsync<IOException>(async () => await sink.EmitAsync(Batch("/a"), Cancellation));
        stream.Failure = null;
        await sink.EmitAsync(Batch("/b"), Cancellation);
        Assert.False(sink.IsClosed);
        Assert.Contains(" /b ", Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    private static ReadOnlyMemory<Span> Batch(params string[] paths) =>
        paths.Select(path => (Span)Spans.Http(path, route: null)).ToArray();

    private sealed class CountingStream : MemoryStream
    {
        internal int Writes { get; private set; }

        internal int Flushes { get; private set; }

        internal Exception? Failure { get; set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            return Failure is null ? base.WriteAsync(buffer, cancellationToken) : ValueTask.FromException(Failure);
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Flushes++;
            return base.FlushAsync(cancellationToken);
        }
    }
}
