using Beyla.Capture;
using Beyla.Metrics;
using Beyla.Tests.Shared;

namespace Beyla.Core.Tests.Pipeline;

public sealed class FilterTests
{
    [Theory]
    [InlineData("url.path", "/orders/*", true)]
    [InlineData("url_path", "/orders", false)]
    [InlineData("http.route", "/orders/{id}", false)] // braces are alternatives, and there is no "/orders/id"
    [InlineData("http.route", @"/orders/\{id\}", true)]
    [InlineData("http.request.method", "{GET,PUT}", true)]
    [InlineData("http_response_status_code", "2??", true)]
    [InlineData("http.response.status_code", "4??", false)]
    [InlineData("error.type", "?*", false)]
    [InlineData("error.type", "", true)]
    [InlineData("url.scheme", "http", true)]
    [InlineData("network.protocol.name", "http", true)]
    [InlineData("network.protocol.version", "1.1", true)]
    [InlineData("client.address", "10.0.0.2", true)]
    [InlineData("server.address", "shop.example", true)]
    [InlineData("server.port", "8080", true)]
    [InlineData("service.name", "sh*", true)]
    [InlineData("service.namespace", "ns", true)]
    [InlineData("service.instance.id", "host:*", true)]
    [InlineData("process.pid", "4711", true)]
    [InlineData("telemetry.sdk.language", "go", true)]
    [InlineData("span.kind", "server", true)]
    [InlineData("span.kind", "client", false)]
    [InlineData("http.request.body.size", "0", true)]
    [InlineData("http.response.body.size", "2", true)]
    public async Task A_glob_decides_for_metrics_and_spans_alike(string attribute, string glob, bool passes)
    {
        await using var with = new PipelineFixture(options => options.Filters.Add(new AttributeFilter { Attribute = attribute, Match = glob }));
        await using var without = new PipelineFixture(options => options.Filters.Add(new AttributeFilter { Attribute = attribute, NotMatch = glob }));
        with.Exchange();
        without.Exchange();
        await Check(with, passes);
        await Check(without, !passes);

        static async Task Check(PipelineFixture fixture, bool passed)
        {
            Assert.Equal(passed ? (1, 0) : (0, 1), (fixture.Counters.Exported, fixture.Counters.Filtered));
            Assert.Equal(passed ? 1 : 0, fixture.Recorded());
            Assert.Equal(passed ? 1 : 0, (await fixture.SpansAsync()).Count);
        }
    }

    [Fact]
    public async Task Every_attribute_of_a_span_has_the_value_that_the_filter_sees()
    {
        foreach (var attribute in Beyla.Attributes.KnownAttributes.Filterable.Where(attribute => attribute.IsOnSpans && !attribute.Name.StartsWith("rpc.", StringComparison.Ordinal)))
        {
            await using var fixture = new PipelineFixture();
            var span = Assert.Single(await fixture.Exchange("/orders/7", 503).SpansAsync());
            var value = Assert.Contains(attribute.Name, new AttributeCollector(span).Values);
            await using var filtered = new PipelineFixture(options => options.Filters.Add(new AttributeFilter
            {
                Attribute = attribute.Name,
                Match = value.Replace("{", "\\{", StringComparison.Ordinal).Replace("}", "\\}", StringComparison.Ordinal),
            }));
            filtered.Exchange("/orders/7", 503);
            Assert.Equal((attribute.Name, 1), (attribute.Name, filtered.Counters.Exported));
        }
    }

    [Theory]
    [InlineData(200, null, null, null, null, 200.0, null, true)]
    [InlineData(200, null, null, null, null, null, 200.0, false)]
    [InlineData(404, 404.0, null, null, null, null, null, false)]
    [InlineData(404, null, 404.0, null, null, null, null, true)]
    [InlineData(404, null, null, 404.0, null, null, null, false)]
    [InlineData(404, null, null, null, 404.0, null, null, true)]
    [InlineData(500, 400.0, null, null, 599.0, null, null, true)]
    [InlineData(399, 400.0, null, null, 599.0, null, null, false)]
    public void Numbers_are_compared(int status, double? above, double? least, double? below, double? most, double? equal, double? unequal, bool passes)
    {
        var fixture = new PipelineFixture(
            options => options.Filters.Add(new AttributeFilter
            {
                Attribute = "http.response.status_code",
                GreaterThan = above,
                GreaterOrEqual = least,
                LessThan = below,
                LessOrEqual = most,
                EqualTo = equal,
                NotEqualTo = unequal,
            }),
            hasSink: false);
        fixture.Exchange(status: status);
        Assert.Equal(passes ? 1 : 0, fixture.Recorded());
    }

    [Theory]
    [InlineData(null, 7.0, null, false)]
    [InlineData(null, null, 7.0, true)]
    [InlineData("*", null, null, true)]
    [InlineData("?*", null, null, false)]
    public void An_absent_attribute_is_an_empty_text_and_no_number(string? match, double? less, double? unequal, bool passes)
    {
        var fixture = new PipelineFixture(
            options => options.Filters.Add(new AttributeFilter { Attribute = "http.response.status_code", Match = match, LessThan = less, NotEqualTo = unequal }),
            hasSink: false);
        var exchange = new KeptExchange("/");
        exchange.Value.StatusCode = null;
        fixture.Pipeline.Emit(exchange.Value);
        Assert.Equal(passes ? 1 : 0, fixture.Counters.Exported);
    }

    [Fact]
    public void All_filters_must_hold()
    {
        var fixture = new PipelineFixture(
            options =>
            {
                options.Filters.Add(new AttributeFilter { Attribute = "url.path", NotMatch = "/health*" });
                options.Filters.Add(new AttributeFilter { Attribute = "http.response.status_code", GreaterOrEqual = 400 });
            },
            hasSink: false);
        fixture.Exchange("/health", 500).Exchange("/a", 200).Exchange("/a", 500);
        Assert.Equal((3, 1, 2), (fixture.Counters.Captured, fixture.Counters.Exported, fixture.Counters.Filtered));
    }

    [Fact]
    public void A_client_exchange_is_filtered_by_what_it_calls()
    {
        var fixture = new PipelineFixture(options => options.Filters.Add(new AttributeFilter { Attribute = "server.address", NotMatch = "shop.*" }), hasSink: false);
        fixture.Exchange(requests: SocketDirection.Sent);
        Assert.Equal((0, 1), (fixture.Recorded(MetricRegistry.HttpClientRequestDuration), fixture.Counters.Filtered));
    }

    [Fact]
    public void Filtering_allocates_nothing_whatever_the_length()
    {
        var fixture = new PipelineFixture(
            options =>
            {
                options.Filters.Add(new AttributeFilter { Attribute = "url.path", NotMatch = "*/nothing/*" });
                options.Filters.Add(new AttributeFilter { Attribute = "client.address", Match = "10.*" });
                options.Filters.Add(new AttributeFilter { Attribute = "server.port", Match = "80*" });
            },
            hasSink: false);
        var exchange = new KeptExchange("/" + new string('a', 5000));
        fixture.Pipeline.Emit(exchange.Value);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                fixture.Pipeline.Emit(exchange.Value);
            }
        }));
        Assert.Equal(fixture.Counters.Captured, fixture.Counters.Exported);
    }
}
