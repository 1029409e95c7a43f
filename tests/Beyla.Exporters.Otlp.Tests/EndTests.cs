using Beyla.Metrics;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using static Beyla.Exporters.Otlp.Tests.Setup;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>What happens to what waits when the session ends.</summary>
public sealed class EndTests
{
    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_long_pause_is_cut_short_by_the_end(OtlpProtocol protocol)
    {
        await using var collector = await Collector.StartAsync();
        collector.Script.Enqueue(new() { HttpStatus = 503, GrpcStatus = 14 });
        await using var sink = new OtlpTraceSink(Options(collector, protocol, Patient));
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Failures == 1);
        await sink.CompleteAsync(Token).AsTask().WaitAsync(Deadline, Token);
        Assert.Equal((1, 0), (sink.Account.Exported, sink.Account.Dropped));
    }

    [Fact]
    public async Task At_the_end_each_request_gets_one_more_attempt()
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { HttpStatus = 503 };
        await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, options =>
        {
            Patient(options);
            options.Traces.MaxBatchSize = 10;
        }));
        await sink.EmitAsync(Enumerable.Range(0, 30).Select(number => (Span)Samples.Span(Samples.Shop, number)).ToArray(), Token);
        await Until(() => sink.Account.Failures == 1);
        await sink.CompleteAsync(Token).AsTask().WaitAsync(Deadline, Token);
        Assert.Equal((0, 30, 0), (sink.Account.Exported, sink.Account.Shutdown, sink.Account.Queued));
        Assert.Equal(4, collector.Attempts);
    }

    [Fact]
    public async Task The_end_of_the_time_ends_what_hangs()
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { Hangs = true };
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, options => options.Timeout = TimeSpan.FromHours(1)), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => collector.Attempts == 1);
        using var limit = new CancellationTokenSource();
        var completion = sink.CompleteAsync(limit.Token).AsTask();
        Assert.False(completion.IsCompleted);
        await limit.CancelAsync();
        await completion.WaitAsync(Deadline, Token);
        Assert.Equal((0, 1, 0), (sink.Account.Exported, sink.Account.Shutdown, sink.Account.Queued));
        Assert.EndsWith(
            $"Error: OTLP traces to {collector.Http}v1/traces dropped 1 items by its end: no answer came before the shutdown timeout; raise it, or look at what holds up the collector. In all: 1 shutdown",
            log.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_told_of_is_not_told_again_at_the_end()
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { HttpStatus = 503 };
        var log = new LogLines();
        var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, Patient), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop), Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Failures == 1);
        await sink.DisposeAsync();
        Assert.Contains("dropped 2 items at the end: HTTP 503. 2 are dropped so far", log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("by its end", log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_export_of_metrics_that_is_given_up_for_the_last_one_is_told_only_when_that_fails(bool arrives)
    {
        await using var collector = await Collector.StartAsync();
        collector.Script.Enqueue(new() { Hangs = true });
        collector.Always = new() { HttpStatus = arrives ? 200 : 503 };
        var store = new RedStore();
        store.Register(Samples.Shop).RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: false, "shop", 80, 1, -1, -1);
        var log = new LogLines();
        await using var exporter = new OtlpMetricsExporter(
            Options(collector, OtlpProtocol.HttpProtobuf, options =>
            {
                Patient(options);
                options.Timeout = TimeSpan.FromHours(1);
                options.Metrics.Interval = TimeSpan.FromMilliseconds(50);
            }),
            log.For<OtlpMetricsExporter>());
        await exporter.StartAsync(new StoreSession(store), Token);
        await Until(() => collector.Attempts == 1);
        await exporter.StopAsync(Token).AsTask().WaitAsync(Deadline, Token);
        Assert.Equal(arrives ? (1, 1) : (0, 2), (exporter.Account.Exported, exporter.Account.Shutdown));
        Assert.Equal(!arrives, log.ToString().Contains("OTLP metrics to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_comes_after_the_end_is_counted()
    {
        await using var collector = await Collector.StartAsync();
        await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf));
        await sink.CompleteAsync(Token);
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        Assert.Equal((1, 1), (sink.Account.Received, sink.Account.Shutdown));
        await sink.DisposeAsync();
        await sink.CompleteAsync(Token);
    }

    [Fact]
    public async Task The_last_export_of_metrics_is_one_attempt()
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { HttpStatus = 503 };
        var store = new RedStore();
        store.Register(Samples.Shop).RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: false, "shop", 80, 1, -1, -1);
        await using var exporter = new OtlpMetricsExporter(Options(collector, OtlpProtocol.HttpProtobuf, options =>
        {
            Patient(options);
            options.Metrics.Interval = TimeSpan.FromHours(1);
        }));
        await exporter.StartAsync(new StoreSession(store), Token);
        await exporter.StopAsync(Token).AsTask().WaitAsync(Deadline, Token);
        Assert.Equal((1, 1), (collector.Attempts, exporter.Account.Shutdown));
    }

    private static void Patient(OtlpExporterOptions options)
    {
        options.RetryInitialInterval = options.RetryMaxInterval = TimeSpan.FromHours(1);
        options.RetryMaxElapsedTime = TimeSpan.FromHours(10);
    }
}
