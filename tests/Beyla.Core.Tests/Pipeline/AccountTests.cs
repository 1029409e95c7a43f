using Beyla.Capture;
using Beyla.Discovery;
using Beyla.Routing;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using CsCheck;

namespace Beyla.Core.Tests.Pipeline;

public sealed class AccountTests
{
    // Each with what it decides about the flags of a caller, -1 standing for no caller.
    private static readonly (Sampler Sampler, Func<int, bool> Takes)[] Samplers =
    [
        (Sampler.AlwaysOn, _ => true),
        (Sampler.AlwaysOff, _ => false),
        (Sampler.ParentBased(Sampler.AlwaysOff), flags => flags == 1),
        (Sampler.ParentBased(Sampler.AlwaysOn), flags => flags != 0),
    ];

    private static readonly string[] Targets = ["/orders/1", "/quiet", "/health"];

    private static readonly Gen<(string Target, int Status, int Flags)> Exchanges =
        Gen.Select(Gen.Int[0, 2].Select(i => Targets[i]), Gen.Bool.Select(isError => isError ? 500 : 200), Gen.Int[-1, 1]);

    [Fact]
    public Task Every_exchange_is_in_one_count_and_the_right_one() =>
        Gen.Select(Exchanges.Array[0, 30], Gen.Int[0, 3].Select(i => Samplers[i]), Gen.Enum<RouteIgnoreMode>(), Gen.Enum<SignalExports>(), Gen.Bool, Gen.Bool).SampleAsync(
            async (exchanges, sampler, ignoreMode, exports, hasSink, hasFilters) =>
            {
                await using var fixture = new PipelineFixture(
                    options =>
                    {
                        options.Sampler = sampler.Sampler;
                        options.Routes.IgnoredPatterns.Add("/quiet");
                        options.Routes.IgnoreMode = ignoreMode;
                        if (hasFilters)
                        {
                            options.Filters.Add(new AttributeFilter { Attribute = "url.path", NotMatch = "/health" });
                            options.Filters.Add(new AttributeFilter { Attribute = "http.response.status_code", LessThan = 500 });
                        }
                    },
                    ProcessSettings.Default with { Exports = exports },
                    hasSink);

                long exported = 0, filtered = 0, sampled = 0, sampledSpans = 0, records = 0, spans = 0;
                foreach (var (target, status, flags) in exchanges)
                {
                    fixture.Exchange(target, status, headers: flags < 0 ? "" : $"traceparent: 00-{1:x32}-{1:x16}-0{flags}\r\n");
                    var passes = !hasFilters || (target != "/health" && status < 500);
                    var toMetrics = passes && exports.HasFlag(SignalExports.Metrics) && (target != "/quiet" || ignoreMode == RouteIgnoreMode.Traces);
                    var toTraces = passes && hasSink && exports.HasFlag(SignalExports.Traces) && (target != "/quiet" || ignoreMode == RouteIgnoreMode.Metrics);
                    var isTraced = toTraces && sampler.Takes(flags);
                    sampledSpans += toTraces && !isTraced ? 1 : 0;
                    records += toMetrics ? 1 : 0;
                    spans += isTraced ? 1 : 0;
                    exported += toMetrics || isTraced ? 1 : 0;
                    sampled += !toMetrics && toTraces && !isTraced ? 1 : 0;
                    filtered += !toMetrics && !toTraces ? 1 : 0;
                }

                var counters = fixture.Counters;
                Assert.Equal(
                    (exchanges.Length, exported, filtered, sampled, 0, 0),
                    (counters.Captured, counters.Exported, counters.Filtered, counters.Sampled, counters.UnknownProcess, counters.Rejected));
                Assert.Equal(counters.Captured, counters.Exported + counters.Filtered + counters.Sampled);
                Assert.Equal((records, sampledSpans), (fixture.Recorded(), counters.SampledSpans));
                Assert.Equal(spans, hasSink ? (await fixture.SpansAsync()).Count : 0);
            });

    [Fact]
    public void What_the_metrics_refuse_and_no_sink_takes_is_dropped()
    {
        var fixture = new PipelineFixture(options => options.Metrics.RetiredGrace = TimeSpan.Zero, hasSink: false);
        fixture.Exchange();
        fixture.Pipeline.Retire(PipelineFixture.Shop.ProcessId, 1);
        fixture.Exchange();
        Assert.Equal((2, 1, 1), (fixture.Counters.Captured, fixture.Counters.Exported, fixture.Counters.Rejected));
        Assert.Equal(1, fixture.Metrics.RejectedRecords);
        Assert.Equal([new SessionDrop("unknown_process", 0), new SessionDrop("metrics_rejected", 1)], SessionDrops.OfPipeline(fixture.Counters));
    }

    [Fact]
    public void An_exchange_of_who_is_not_selected_any_more_is_dropped()
    {
        var fixture = new PipelineFixture(hasSink: false);
        fixture.Pipeline.Remove(PipelineFixture.Shop.ProcessId);
        fixture.Exchange(requests: SocketDirection.Sent);
        Assert.Equal((1, 1, 0), (fixture.Counters.Captured, fixture.Counters.UnknownProcess, fixture.Counters.Exported));
        Assert.Equal(0, fixture.Counters.Unselected);
    }

    [Fact]
    public void An_exchange_of_who_never_was_selected_is_neither_captured_nor_dropped()
    {
        var fixture = new PipelineFixture(hasSink: false);
        fixture.Pipeline.Remove(PipelineFixture.Shop.ProcessId);
        fixture.Selected.Clear();
        fixture.Exchange(requests: SocketDirection.Sent);
        Assert.Equal((0, 0, 0), (fixture.Counters.Captured, fixture.Counters.UnknownProcess, fixture.Counters.Exported));
        Assert.Equal(1, fixture.Counters.Unselected);
    }

    [Fact]
    public void Metrics_alone_allocate_nothing()
    {
        var fixture = new PipelineFixture(hasSink: false);
        var exchange = new KeptExchange("/orders/1");
        fixture.Pipeline.Emit(exchange.Value);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                fixture.Pipeline.Emit(exchange.Value);
            }
        }));
    }
}
