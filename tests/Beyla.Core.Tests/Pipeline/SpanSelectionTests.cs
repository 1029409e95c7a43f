using System.Diagnostics;
using Beyla.Capture;
using Beyla.Core.Tests.Protocols;
using Beyla.Protocols.Grpc;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Pipeline;

public sealed class SpanSelectionTests
{
    private const string Target = "/orders/1?q=shoes&token=abc#frag";

    [Fact]
    public async Task Spans_show_all_but_the_query()
    {
        await using var fixture = new PipelineFixture();
        var span = Assert.Single(await fixture.Exchange(Target).SpansAsync());
        Assert.Null(span.Query);
        Assert.Equal(
            [
                "client.address", "http.request.body.size", "http.request.method", "http.response.body.size", "http.response.status_code", "http.route",
                "network.protocol.name", "network.protocol.version", "server.address", "server.port", "url.path", "url.scheme",
            ],
            new AttributeCollector(span).Values.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_query_is_shown_when_asked_for_with_secrets_redacted()
    {
        await using var fixture = new PipelineFixture(SelectQuery);
        var spans = await fixture.Exchange(Target).Exchange("/orders/2").Exchange("/orders/3?").Exchange(Target, requests: SocketDirection.Sent).SpansAsync();
        Assert.Equal(["q=shoes&token=REDACTED", null, null, "q=shoes&token=REDACTED"], spans.Select(span => span.Query));
        Assert.Equal("q=shoes&token=REDACTED", new AttributeCollector(spans[0]).Values["url.query"]);
        Assert.DoesNotContain("url.query", new AttributeCollector(spans[1]).Values);
        Assert.All(spans, span => Assert.StartsWith("/orders/", span.Path, StringComparison.Ordinal));
        Assert.DoesNotContain("url.full", new AttributeCollector(spans[0]).Values);
        Assert.Equal("http://shop.example:8080/orders/1?q=shoes&token=REDACTED", new AttributeCollector(spans[3]).Values["url.full"]);
        // Routes and metrics never saw it.
        Assert.All(fixture.Points(), point => Assert.Equal("/orders/{id}", point.Values[2]));
    }

    [Fact]
    public async Task A_query_that_was_not_seen_whole_or_is_too_long_is_left_out()
    {
        await using var fixture = new PipelineFixture(SelectQuery);
        fixture.Exchange($"/orders/1?q={new string('a', 9000)}").Exchange($"/orders/2?q={new string('b', 8000)}");
        var spans = await fixture.SpansAsync();
        Assert.Null(spans[0].Query);
        Assert.Equal(8002, spans[1].Query!.Length);
    }

    [Fact]
    public void A_query_whose_end_was_not_copied_is_left_out()
    {
        var registry = new Beyla.Protocols.ProtocolRegistry(keepsQuery: true);
        var observer = new QueryObserver();
        var connection = registry.Rent();
        foreach (var packet in new Conversation(SocketDirection.Received)
            .Request($"GET /orders/1?q={new string('a', 900)} HTTP/1.1\r\nHost: h\r\n\r\n").Response("HTTP/1.1 204 X\r\n\r\n")
            .ToPackets(budget: 100))
        {
            connection.OnSegment(packet.ToSegment(), observer);
        }

        Assert.Equal([("/orders/1", "")], observer.Seen);
    }

    [Fact]
    public async Task Excluded_attributes_reach_no_sink()
    {
        await using var fixture = new PipelineFixture(options => options.Attributes.Select.Add(new AttributeSelection
        {
            Section = "traces",
            Include = { "url.query" },
            Exclude = { "client.*", "http.request.body.size", "url.path", "server.address", "url.full" },
        }));
        var spans = await fixture.Exchange(Target).Exchange(Target, requests: SocketDirection.Sent).SpansAsync();
        string[] rest =
        [
            "http.request.method", "http.response.body.size", "http.response.status_code", "http.route", "network.protocol.name", "network.protocol.version",
            "server.port", "url.query", "url.scheme",
        ];
        Assert.All(spans, span => Assert.Equal(rest, new AttributeCollector(span).Values.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task No_attribute_of_any_span_escapes_an_exclusion_of_all()
    {
        await using var fixture = new PipelineFixture(options => options.Attributes.Select.Add(new AttributeSelection { Section = "traces", Include = { "*" }, Exclude = { "*" } }));
        var spans = await fixture.Exchange(Target, 500).Exchange(Target, 404, requests: SocketDirection.Sent).SpansAsync();
        Assert.All(spans, span => Assert.Empty(new AttributeCollector(span).Values));

        var call = new RpcSpan
        {
            Kind = SpanKind.Server,
            Service = PipelineFixture.Shop,
            StartUnixNanoseconds = 1,
            DurationNanoseconds = 1,
            Source = Packet.Remote,
            Destination = Packet.Local,
            TraceId = ActivityTraceId.CreateRandom(),
            SpanId = ActivitySpanId.CreateRandom(),
            End = SpanEnd.Framed,
            Method = "shop.v1.Orders/Place",
            StatusCode = 13,
            HttpStatusCode = 503,
            Host = "shop.example",
            RequestMessages = 1,
            RequestBytes = 2,
            ResponseMessages = 3,
            ResponseBytes = 4,
            Selection = spans[0].Selection,
        };
        Assert.Empty(new AttributeCollector(call).Values);
    }

    [Fact]
    public async Task A_glob_over_metrics_leaves_spans_alone()
    {
        await using var fixture = new PipelineFixture(options => options.Attributes.Select.Add(new AttributeSelection { Section = "*", Include = { "*" } }));
        var span = Assert.Single(await fixture.Exchange(Target).SpansAsync());
        Assert.Null(span.Query);
        Assert.Equal("/orders/1", Assert.Single(fixture.Points()).Values[6]);
        Assert.Equal("10.0.0.2", Assert.Single(fixture.Points()).Values[7]);
    }

    private static void SelectQuery(BeylaOptions options) => options.Attributes.Select.Add(new AttributeSelection { Section = "traces", Include = { "url.query" } });

    private sealed class QueryObserver : Beyla.Protocols.IExchangeSink
    {
        internal List<(string Path, string Query)> Seen { get; } = [];

        public void Emit(Beyla.Protocols.Exchange exchange)
        {
            var http = (Beyla.Protocols.Http.HttpExchange)exchange;
            Seen.Add((System.Text.Encoding.ASCII.GetString(http.Path), System.Text.Encoding.ASCII.GetString(http.Query)));
        }
    }
}
