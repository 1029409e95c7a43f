using System.Diagnostics;
using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;
using SpanKind = Beyla.Tracing.SpanKind;

namespace Beyla.Extensions.Hosting.Tests;

/// <summary>Observed spans in the OpenTelemetry pipeline of a host.</summary>
public sealed class ActivityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_come_out_of_the_pipeline_of_the_host_as_they_were_sampled()
    {
        var exported = new List<Activity>();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(BeylaInstrumentation.ActivitySourceName).AddInMemoryExporter(exported));
        builder.Services.AddSingleton<IInstrumentationSession>(new Beyla.Tests.Shared.FakeSession());
        builder.Services.AddBeyla().AddActivitySource().AddActivitySource();
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        var sink = Assert.Single(host.Services.GetServices<ISpanSink>());
        Assert.True(sink.IsEnabled);
        HttpSpan[] spans =
        [
            Span(SpanKind.Server, 200),
            Span(SpanKind.Client, 404, ActivitySpanId.CreateRandom()),
            Span(SpanKind.Server, 200, flags: ActivityTraceFlags.None),
            Span(SpanKind.Server, 503, ActivitySpanId.CreateRandom()),
        ];
        await sink.EmitAsync(spans, Cancellation);
        host.Services.GetRequiredService<TracerProvider>().ForceFlush();

        HttpSpan[] sampled = [spans[0], spans[1], spans[3]];
        Assert.Equal(
            sampled.Select(span => (span.TraceId, span.ParentSpanId, span.Name, span.StartTime.UtcDateTime, span.Duration)),
            exported.Select(activity => (activity.TraceId, activity.ParentSpanId, activity.DisplayName, activity.StartTimeUtc, activity.Duration)));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error, ActivityStatusCode.Error], exported.Select(activity => activity.Status));
        Assert.All(exported, activity => Assert.Equal("shop", activity.GetTagItem("service.name")));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_named_session_has_a_sink_of_its_own()
    {
        var services = new ServiceCollection();
        services.AddBeyla("second", _ => { }).AddActivitySource();
        await using var provider = services.BuildServiceProvider();
        Assert.Empty(provider.GetServices<ISpanSink>());
        Assert.IsType<ActivitySpanSink>(Assert.Single(provider.GetKeyedServices<ISpanSink>("second")));
    }

    private static HttpSpan Span(SpanKind kind, int status, ActivitySpanId parent = default, ActivityTraceFlags flags = ActivityTraceFlags.Recorded) => new()
    {
        Kind = kind,
        Service = new ServiceInfo { ProcessId = 1, Name = "shop", InstanceId = "host:1" },
        StartUnixNanoseconds = 1_795_355_344_123_456_700,
        DurationNanoseconds = 15_218_000,
        Source = new SocketEndpoint([127, 0, 0, 1], 50482),
        Destination = new SocketEndpoint([127, 0, 0, 1], 8080),
        TraceId = ActivityTraceId.CreateRandom(),
        SpanId = ActivitySpanId.CreateRandom(),
        ParentSpanId = parent,
        TraceFlags = flags,
        End = SpanEnd.Framed,
        Method = "GET",
        Path = "/user/7",
        Route = "/user/{id}",
        StatusCode = status,
        ProtocolVersion = "1.1",
    };
}
