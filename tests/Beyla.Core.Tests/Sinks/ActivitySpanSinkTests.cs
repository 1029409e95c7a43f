using System.Collections.Immutable;
using System.Diagnostics;
using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Sinks;

public sealed class ActivitySpanSinkTests : IDisposable
{
    private readonly ActivitySpanSink _sink = new();

    public void Dispose() => _sink.Dispose();

    [Fact]
    public void Spans_are_wanted_while_somebody_listens()
    {
        Assert.False(_sink.IsEnabled);
        using (Listen([]))
        {
            Assert.True(_sink.IsEnabled);
        }

        Assert.False(_sink.IsEnabled);
    }

    [Fact]
    public async Task An_activity_is_what_the_span_is_but_for_its_own_id()
    {
        var span = Span(ActivitySpanId.CreateRandom(), SpanKind.Server, status: 503);
        var activity = Assert.Single(await Heard(span));
        Assert.Equal(("GET /user/{id}/info", ActivityKind.Server, ActivityStatusCode.Error), (activity.DisplayName, activity.Kind, activity.Status));
        Assert.Equal((span.TraceId, span.ParentSpanId, true), (activity.TraceId, activity.ParentSpanId, activity.HasRemoteParent));
        Assert.Equal((span.StartTime.UtcDateTime, span.Duration), (activity.StartTimeUtc, activity.Duration));
        Assert.Equal((BeylaInstrumentation.ActivitySourceName, BeylaInstrumentation.Version), (activity.Source.Name, activity.Source.Version));
        Assert.True(activity.Recorded);
        Assert.NotEqual(span.SpanId, activity.SpanId);
    }

    [Fact]
    public async Task The_attributes_are_those_of_the_span_and_of_its_service()
    {
        var span = Span(default, SpanKind.Server, status: 503);
        var expected = new Recorded();
        span.VisitAttributes(expected);
        expected.Visit("service.name", "shop");
        expected.Visit("service.namespace", "sales");
        expected.Visit("service.instance.id", "host:42");
        expected.Visit("process.pid", 42);
        expected.Visit("service.version", "1.2");
        var activity = Assert.Single(await Heard(span));
        Assert.Equal(expected.Values, activity.TagObjects.ToDictionary());
        Assert.Equal(503L, activity.GetTagItem("http.response.status_code"));
    }

    [Fact]
    public async Task A_root_stays_a_root_whatever_the_caller_is_in()
    {
        using var ambient = new Activity("ambient").Start();
        var span = Span(default, SpanKind.Server);
        var activity = Assert.Single(await Heard(span));
        Assert.Equal((span.TraceId, default, false), (activity.TraceId, activity.ParentSpanId, activity.HasRemoteParent));
        Assert.Null(activity.ParentId);
        Assert.Same(ambient, Activity.Current);
    }

    [Fact]
    public async Task The_parent_of_a_client_is_of_its_own_process()
    {
        var activity = Assert.Single(await Heard(Span(ActivitySpanId.CreateRandom(), SpanKind.Client)));
        Assert.Equal((ActivityKind.Client, false, ActivityStatusCode.Unset), (activity.Kind, activity.HasRemoteParent, activity.Status));
    }

    [Fact]
    public async Task The_listener_decides_by_the_flags_and_the_attributes()
    {
        var asked = new List<(ActivityContext Parent, object? Method)>();
        var sampled = Span(default, SpanKind.Server);
        var unsampled = Span(default, SpanKind.Server, flags: ActivityTraceFlags.None);
        var heard = await Heard(
            (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                asked.Add((options.Parent, options.Tags!.First(tag => tag.Key == "http.request.method").Value));
                return options.Parent.TraceFlags == ActivityTraceFlags.Recorded ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None;
            },
            sampled,
            unsampled);
        Assert.Equal([sampled.TraceId], heard.Select(activity => activity.TraceId));
        Assert.Equal([(sampled.TraceId, "GET"), (unsampled.TraceId, "GET")], asked.Select(question => (question.Parent.TraceId, (string)question.Method!)));
    }

    [Fact]
    public async Task Spans_of_a_batch_do_not_become_children_of_each_other()
    {
        var heard = await Heard(Span(default, SpanKind.Server), Span(default, SpanKind.Server));
        Assert.Equal(2, heard.Count);
        Assert.All(heard, activity => Assert.Null(activity.ParentId));
    }

    private static HttpSpan Span(ActivitySpanId parent, SpanKind kind, int status = 200, ActivityTraceFlags flags = ActivityTraceFlags.Recorded)
    {
        var like = Spans.Http(status: status, kind: kind);
        return new HttpSpan
        {
            Kind = kind,
            Service = new ServiceInfo
            {
                ProcessId = 42,
                Name = "shop",
                Namespace = "sales",
                InstanceId = "host:42",
                ResourceAttributes = ImmutableSortedDictionary<string, string>.Empty.Add("service.version", "1.2").Add("service.name", "its own opinion"),
            },
            StartUnixNanoseconds = like.StartUnixNanoseconds,
            DurationNanoseconds = like.DurationNanoseconds,
            Source = like.Source,
            Destination = like.Destination,
            TraceId = like.TraceId,
            SpanId = like.SpanId,
            ParentSpanId = parent,
            TraceFlags = flags,
            End = like.End,
            Method = like.Method,
            Path = like.Path,
            Route = like.Route,
            StatusCode = like.StatusCode,
            ProtocolVersion = like.ProtocolVersion,
        };
    }

    private static ActivityListener Listen(List<Activity> heard, SampleActivity<ActivityContext>? sample = null)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == BeylaInstrumentation.ActivitySourceName,
            Sample = sample ?? ((ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded),
            ActivityStopped = heard.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private Task<List<Activity>> Heard(params Span[] spans) => Heard(sample: null, spans);

    private async Task<List<Activity>> Heard(SampleActivity<ActivityContext>? sample, params Span[] spans)
    {
        var heard = new List<Activity>();
        using var listener = Listen(heard, sample);
        await _sink.EmitAsync(spans, TestContext.Current.CancellationToken);
        return heard;
    }

    private sealed class Recorded : ISpanAttributeVisitor
    {
        internal Dictionary<string, object?> Values { get; } = [];

        public void Visit(string name, string value) => Values.Add(name, value);

        public void Visit(string name, long value) => Values.Add(name, value);
    }
}
