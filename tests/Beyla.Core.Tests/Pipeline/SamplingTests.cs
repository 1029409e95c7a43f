using System.Diagnostics;
using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Protocols;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Pipeline;

public sealed class SamplingTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Sampled = "traceparent: 00-" + TraceId + "-b7ad6b7169203331-01\r\n";
    private const string NotSampled = "traceparent: 00-" + TraceId + "-b7ad6b7169203331-00\r\n";

    [Fact]
    public async Task The_caller_decides_unless_told_otherwise()
    {
        await using var fixture = new PipelineFixture();
        fixture.Exchange(headers: Sampled).Exchange(headers: NotSampled).Exchange();
        var spans = await fixture.SpansAsync();
        Assert.Equal(2, spans.Count);
        Assert.Equal((TraceId, "b7ad6b7169203331"), (spans[0].TraceId.ToHexString(), spans[0].ParentSpanId.ToHexString()));
        Assert.NotEqual(TraceId, spans[1].TraceId.ToHexString());
        Assert.Equal((3, 3, 0, 1), (fixture.Counters.Captured, fixture.Counters.Exported, fixture.Counters.Sampled, fixture.Counters.SampledSpans));
        Assert.Equal(3, fixture.Recorded());
    }

    [Fact]
    public async Task What_is_exported_is_flagged_as_sampled_whatever_the_caller_said()
    {
        await using var fixture = new PipelineFixture(options => options.Sampler = Sampler.AlwaysOn);
        var spans = await fixture.Exchange(headers: Sampled).Exchange(headers: NotSampled).Exchange().SpansAsync();
        Assert.Equal(3, spans.Count);
        Assert.All(spans, span => Assert.Equal(ActivityTraceFlags.Recorded, span.TraceFlags));
    }

    [Fact]
    public async Task Metrics_count_what_is_not_sampled()
    {
        await using var fixture = new PipelineFixture(options => options.Sampler = Sampler.AlwaysOff);
        fixture.Exchange(headers: Sampled).Exchange();
        Assert.Empty(await fixture.SpansAsync());
        Assert.Equal((2, 2, 0, 2), (fixture.Counters.Captured, fixture.Counters.Exported, fixture.Counters.Sampled, fixture.Counters.SampledSpans));
        Assert.Equal(2, fixture.Recorded());
    }

    [Fact]
    public async Task What_only_the_sampler_kept_back_is_counted_as_sampled()
    {
        await using var fixture = new PipelineFixture(options =>
        {
            options.Routes.IgnoredPatterns.Add("/quiet");
            options.Routes.IgnoreMode = RouteIgnoreMode.Metrics;
        });
        fixture.Exchange("/quiet", headers: NotSampled).Exchange("/quiet", headers: Sampled).Exchange("/loud", headers: NotSampled);
        Assert.Single(await fixture.SpansAsync());
        Assert.Equal((3, 2, 1, 0), (fixture.Counters.Captured, fixture.Counters.Exported, fixture.Counters.Sampled, fixture.Counters.Filtered));
        Assert.Equal((2, 1), (fixture.Counters.SampledSpans, fixture.Recorded()));
    }

    [Fact]
    public async Task A_ratio_takes_the_traces_that_its_rule_names()
    {
        await using var fixture = new PipelineFixture(options => options.Sampler = Sampler.TraceIdRatio(0.25));
        for (var i = 1; i <= 400; i++)
        {
            fixture.Exchange(headers: $"traceparent: 00-{(ulong)i:x16}{(ulong)i << 48:x16}-b7ad6b7169203331-01\r\n");
        }

        // Of the lowest 56 bits the highest 8 count here: i & 0xff at or above 0.75 * 256.
        var spans = await fixture.SpansAsync();
        Assert.Equal(Enumerable.Range(1, 400).Where(i => (i & 0xff) >= 192), spans.Select(span => Convert.ToInt32(span.TraceId.ToHexString()[..16], 16)));
        Assert.Equal(400 - spans.Count, fixture.Counters.SampledSpans);
    }

    [Fact]
    public async Task A_selector_has_a_sampler_of_its_own()
    {
        await using var fixture = new PipelineFixture(
            options => options.Sampler = Sampler.AlwaysOff, ProcessSettings.Default with { Sampler = Sampler.AlwaysOn });
        Assert.Single(await fixture.Exchange().SpansAsync());
    }

    [Theory]
    [InlineData(SignalExports.None, 0, 0)]
    [InlineData(SignalExports.Metrics, 1, 0)]
    [InlineData(SignalExports.Traces, 0, 1)]
    [InlineData(SignalExports.All, 1, 1)]
    public async Task A_selector_says_which_signals_leave(SignalExports exports, int records, int spans)
    {
        await using var fixture = new PipelineFixture(settings: ProcessSettings.Default with { Exports = exports });
        fixture.Exchange();
        Assert.Equal(records, fixture.Recorded());
        Assert.Equal(spans, (await fixture.SpansAsync()).Count);
        Assert.Equal(records + spans > 0 ? (1, 0) : (0, 1), (fixture.Counters.Exported, fixture.Counters.Filtered));
        Assert.Equal(0, fixture.Counters.SampledSpans);
    }

    [Fact]
    public async Task A_selector_has_routes_of_its_own()
    {
        var routes = new RouteOptions { Patterns = { "/{everything}/{else}" } };
        await using var fixture = new PipelineFixture(settings: ProcessSettings.Default with { Routes = new RouteRules(routes) });
        var span = Assert.Single(await fixture.Exchange().SpansAsync());
        Assert.Equal("/{everything}/{else}", span.Route);
    }

    [Fact]
    public async Task More_that_becomes_known_of_a_process_leaves_its_settings_alone()
    {
        await using var fixture = new PipelineFixture(settings: ProcessSettings.Default with { Sampler = Sampler.AlwaysOff });
        fixture.Pipeline.Update(PipelineFixture.Shop with { Language = "java" });
        fixture.Exchange();
        Assert.Empty(await fixture.SpansAsync());
        Assert.Equal("java", fixture.Metrics.Snapshot().Services[0].Service.Language);
        Assert.True(fixture.Pipeline.Add(PipelineFixture.Shop with { Language = "java" }, ProcessSettings.Default));
        Assert.False(fixture.Pipeline.Add(PipelineFixture.Shop with { Language = "java" }, ProcessSettings.Default));
    }

    [Theory]
    [InlineData(ExemplarFilter.AlwaysOff, false, false)]
    [InlineData(ExemplarFilter.TraceBased, true, false)]
    [InlineData(ExemplarFilter.AlwaysOn, true, true)]
    public async Task Exemplars_name_the_span_of_their_exchange(ExemplarFilter filter, bool sampled, bool notSampled)
    {
        await using var fixture = new PipelineFixture(options =>
        {
            options.Metrics.ExemplarFilter = filter;
            options.Routes.Patterns.Add("/other");
        });
        fixture.Exchange("/orders/1").Exchange("/other", headers: NotSampled);
        var span = Assert.Single(await fixture.SpansAsync());
        var points = fixture.Points();
        Assert.Equal([sampled ? 1 : 0, notSampled ? 1 : 0], points.Select(point => point.Exemplars.Length));
        if (sampled)
        {
            var exemplar = points[0].Exemplars[0];
            Assert.Equal(span.TraceId, TraceIds.ToTraceId(exemplar.TraceIdHigh, exemplar.TraceIdLow));
            Assert.Equal(span.SpanId, TraceIds.ToSpanId(exemplar.SpanId));
            Assert.Equal(span.StartUnixNanoseconds + span.DurationNanoseconds, exemplar.UnixNanoseconds);
            Assert.Equal(span.DurationNanoseconds / 1e9, exemplar.Value);
        }

        if (notSampled)
        {
            var exemplar = points[1].Exemplars[0];
            Assert.Equal(TraceId, TraceIds.ToTraceId(exemplar.TraceIdHigh, exemplar.TraceIdLow).ToHexString());
        }
    }

    [Theory]
    [InlineData(RouteIgnoreMode.Traces, 0)]
    [InlineData(RouteIgnoreMode.Metrics, 0)]
    public void An_exchange_whose_span_or_metrics_a_rule_keeps_back_is_no_exemplar(RouteIgnoreMode mode, int exemplars)
    {
        var fixture = new PipelineFixture(
            options =>
            {
                options.Metrics.ExemplarFilter = ExemplarFilter.TraceBased;
                options.Routes.IgnoredPatterns.Add("/quiet");
                options.Routes.IgnoreMode = mode;
            },
            hasSink: false);
        fixture.Exchange("/quiet");
        Assert.Equal(exemplars, fixture.Points().Sum(point => point.Exemplars.Length));
    }
}
