using System.Globalization;
using System.Text;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.Metrics;
using Beyla.Protocols;
using Beyla.Protocols.Http;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>What users say about exchanges — filters, samplers, attributes — holds for the requests of a real server, to the last one.</summary>
[Trait("kind", "capture")]
public sealed class ExchangeRuleTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_is_where_the_rules_put_it()
    {
        const int Rounds = 40;
        await using var server = await NamedServer.StartAsync("ruled", Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Port) });
            options.Filters.Add(new AttributeFilter { Attribute = "url.path", NotMatch = "/health*" });
            options.Routes.Patterns.Add("/orders/{id}");
            options.Routes.IgnoredPatterns.Add("/quiet");
            options.Routes.IgnoreMode = RouteIgnoreMode.Metrics;
            options.Attributes.Select.Add(new AttributeSelection { Section = "traces", Include = { "url.query" } });
            options.Attributes.Select.Add(new AttributeSelection { Section = "http.server.request.duration", Include = { "http.route", "url.path" } });
            options.Metrics.ExemplarFilter = ExemplarFilter.TraceBased;
            options.Metrics.ExponentialHistograms = true;
        }, output, Cancellation);
        var rounds = Enumerable.Range(0, Rounds).ToArray();
        foreach (var round in rounds)
        {
            await AskAsync(server.Port, string.Create(CultureInfo.InvariantCulture, $"/orders/{round % 4}?round={round}&token=secret"), sampled: true);
            await AskAsync(server.Port, "/orders/7", sampled: false);
            await AskAsync(server.Port, "/health/live", sampled: null);
            await AskAsync(server.Port, "/quiet", sampled: true);
            await AskAsync(server.Port, "/quiet", sampled: false);
            await AskAsync(server.Port, "/orders/8", sampled: null);
        }

        await observer.Session.StopAsync(Cancellation);
        var statistics = observer.Session.GetStatistics();
        output.WriteLine(observer.Describe());
        // Filtered: /health. Sampled: /quiet of callers that don't sample, which the metrics leave out as well. All else went somewhere.
        Assert.Equal(
            (6 * Rounds, 4 * Rounds, Rounds, Rounds, 0),
            (statistics.Captured, statistics.Exported, statistics.Filtered, statistics.Sampled, statistics.Dropped));
        Assert.Equal(2 * Rounds, statistics.SampledSpans);
        Assert.Equal(3 * Rounds, RequestCount.Of(observer.Session.Metrics));
        Assert.Equal(3 * Rounds, observer.Spans.Count);
        Assert.All(observer.Spans, static span => Assert.Equal(System.Diagnostics.ActivityTraceFlags.Recorded, span.TraceFlags));
        Assert.Equal(
            rounds.Select(static round => string.Create(CultureInfo.InvariantCulture, $"round={round}&token=REDACTED")),
            observer.Spans.Where(static span => span.Query is not null).Select(static span => span.Query));

        var points = new Points(observer.Session.Metrics).All;
        Assert.Equal(
            ["/orders/{id} /orders/0 10", "/orders/{id} /orders/1 10", "/orders/{id} /orders/2 10", "/orders/{id} /orders/3 10", "/orders/{id} /orders/7 40", "/orders/{id} /orders/8 40"],
            points.Select(static point => point.Text).Order(StringComparer.Ordinal));
        ExpectExemplars(points, observer.Spans);
    }

    [Fact]
    public async Task A_selector_has_its_own_sampler_routes_and_exports()
    {
        await using var quiet = await NamedServer.StartAsync("quiet", Cancellation);
        await using var traced = await NamedServer.StartAsync("traced", Cancellation);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { ExecutableGlob = quiet.Executable, Sampler = Sampler.AlwaysOff });
            options.Discovery.Selectors.Add(new ProcessSelector { ExecutableGlob = traced.Executable, Exports = SignalExports.Traces, Routes = new RouteOptions { Patterns = { "/{any}" } } });
        }, output, Cancellation);
        for (var i = 0; i < 20; i++)
        {
            await AskAsync(quiet.Port, "/a", sampled: true);
            await AskAsync(traced.Port, "/a", sampled: true);
        }

        await observer.Session.StopAsync(Cancellation);
        var statistics = observer.Session.GetStatistics();
        Assert.Equal((40, 40, 0, 0, 20), (statistics.Captured, statistics.Exported, statistics.Filtered, statistics.Sampled, statistics.SampledSpans));
        Assert.Equal(20, RequestCount.Of(observer.Session.Metrics));
        Assert.Equal(20, observer.Spans.Count);
        Assert.All(observer.Spans, span => Assert.Equal((traced.Port, "/{any}"), (span.Destination.Port, span.Route)));
    }

    [Fact]
    public async Task A_server_is_selected_by_its_language_and_arguments_before_its_first_request()
    {
        var port = LocalPort.Free();
        await using var observer = await Observer.StartAsync(
            options => options.Discovery.Selectors.Add(new ProcessSelector
            {
                Languages = { "dotnet" },
                CommandLineGlob = string.Create(CultureInfo.InvariantCulture, $"*{port}*"),
                ServiceName = "by-language",
            }),
            output,
            Cancellation);
        using var directory = new TemporaryDirectory();
        var spec = await Servers.Kestrel.PrepareAsync(new LaunchContext(port, directory.File("truth.log"), directory.Path), Cancellation);
        await using var server = await TargetProcess.StartAsync(spec);
        await server.WaitForPortAsync(port, TimeSpan.FromSeconds(60), Cancellation);
        await Requests.GetAsync(port, "/first", Cancellation);

        var span = await observer.WaitForSpanAsync(static span => span.Path == "/first", Cancellation);
        Assert.Equal(("by-language", "dotnet", server.Id), (span.Service.Name, span.Service.Language, span.Service.ProcessId));
    }

    private static async Task AskAsync(int port, string target, bool? sampled)
    {
        var trace = sampled is { } flag ? string.Create(CultureInfo.InvariantCulture, $"traceparent: 00-{Guid.NewGuid():N}-00f067aa0ba902b7-0{(flag ? 1 : 0)}\r\n") : "";
        var answer = await Requests.SendAsync(port, Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{trace}\r\n"), Cancellation);
        Assert.StartsWith("HTTP/1.1 200", answer.Text, StringComparison.Ordinal);
    }

    // The exemplar of a bucket is a span of that series, with the value that the span says.
    private static void ExpectExemplars(IReadOnlyList<Point> points, IReadOnlyCollection<HttpSpan> spans)
    {
        foreach (var point in points)
        {
            // Nothing of /orders/7 was sampled.
            Assert.Equal(point.Text.Contains("/orders/7 ", StringComparison.Ordinal), point.Exemplars.Length == 0);
            foreach (var exemplar in point.Exemplars)
            {
                var span = Assert.Single(spans, span => span.SpanId == TraceIds.ToSpanId(exemplar.SpanId));
                Assert.Equal(TraceIds.ToTraceId(exemplar.TraceIdHigh, exemplar.TraceIdLow), span.TraceId);
                Assert.Contains($" {span.Path} ", point.Text, StringComparison.Ordinal);
                Assert.Equal(span.DurationNanoseconds / 1e9, exemplar.Value);
            }
        }
    }

    private sealed record Point(string Text, MetricExemplar[] Exemplars);

    private sealed class Points : IHistogramVisitor
    {
        internal Points(RedStore metrics)
        {
            foreach (var service in metrics.Snapshot().Services)
            {
                service.Visit(MetricRegistry.HttpServerRequestDuration, this);
            }
        }

        internal List<Point> All { get; } = [];

        public void Visit(in HistogramPoint point)
        {
            var exponential = point.Exponential.ZeroCount;
            foreach (var count in point.Exponential.Counts)
            {
                exponential += count;
            }

            Assert.Equal(point.Count, exponential);
            All.Add(new(string.Create(CultureInfo.InvariantCulture, $"{point.AttributeValues[0]} {point.AttributeValues[1]} {point.Count}"), point.Exemplars.ToArray()));
        }
    }
}
