using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Sinks;

public sealed class JsonSpanSinkTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_span_has_the_members_that_Beyla_prints()
    {
        var span = new HttpSpan
        {
            Kind = SpanKind.Server,
            Service = Spans.Shop,
            StartUnixNanoseconds = 1_795_355_344_123_456_789,
            DurationNanoseconds = 15_218_999,
            ServiceNanoseconds = 689_900,
            Source = Spans.Client,
            Destination = Spans.Server,
            TraceId = ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"),
            SpanId = ActivitySpanId.CreateFromString("00f067aa0ba902b7"),
            ParentSpanId = ActivitySpanId.CreateFromString("b7ad6b7169203331"),
            End = SpanEnd.Framed,
            Method = "GET",
            Path = "/user/1234/info",
            Route = "/user/{id}/info",
            StatusCode = 200,
            ProtocolVersion = "1.1",
            RequestBodySize = 0,
            ResponseBodySize = 17,
            Host = "shop.example:8080",
        };
        Assert.Equal(
            """
            [{"type":"HTTP","kind":"SPAN_KIND_SERVER","peer":"127.0.0.1","peerPort":"50482","host":"127.0.0.1","hostPort":"8080",
            "peerName":"127.0.0.1","hostName":"shop","traceID":"0af7651916cd43dd8448eb211c80319c","spanID":"00f067aa0ba902b7",
            "parentSpanID":"b7ad6b7169203331","traceFlags":"1","start":"1795355344123456","end":"1795355344138675",
            "duration":"15.22ms","durationUSec":"15218","handlerDuration":"689.9µs","handlerDurationUSec":"689",
            "attributes":{"method":"GET","status":"200","url":"/user/1234/info","contentLen":"0","responseLen":"17",
            "route":"/user/{id}/info","clientAddr":"127.0.0.1","serverAddr":"shop","serverPort":"8080"}}]
            """.ReplaceLineEndings("") + "\n",
            await Print(indented: false, span));
    }

    [Fact]
    public async Task Text_stays_readable_and_can_not_control_a_terminal() =>
        Assert.Contains(@"""url"":""/größe&<b>+1\u001B[2J\u009B1m\""\\""", await Print(indented: false, Spans.Http("/größe&<b>+1\u001b[2J\u009b1m\"\\")), StringComparison.Ordinal);

    [Fact]
    public async Task A_client_span_shows_the_server_as_the_client_called_it()
    {
        using var json = JsonDocument.Parse(await Print(indented: false, Spans.Http(kind: SpanKind.Client)));
        var span = json.RootElement[0];
        Assert.Equal("HTTPClient", span.GetProperty("type").GetString());
        Assert.Equal("SPAN_KIND_CLIENT", span.GetProperty("kind").GetString());
        Assert.Equal(("shop", "127.0.0.1"), (span.GetProperty("peerName").GetString(), span.GetProperty("hostName").GetString()));
        Assert.Equal(
            ["method", "status", "url", "clientAddr", "serverAddr", "serverPort"],
            span.GetProperty("attributes").EnumerateObject().Select(member => member.Name));
        Assert.Equal("", span.GetProperty("parentSpanID").GetString());
    }

    [Theory]
    [InlineData(SpanKind.Server, "CALL", "method=/shop.Cart/Add clientAddr=127.0.0.1 serverAddr=shop serverPort=8080")]
    [InlineData(SpanKind.Client, "CALLClient", "method=/shop.Cart/Add serverAddr=127.0.0.1 serverPort=8080")]
    public async Task A_protocol_without_verbs_shows_the_called_method(SpanKind kind, string type, string attributes)
    {
        var call = new CallSpan
        {
            Kind = kind,
            Service = Spans.Shop,
            StartUnixNanoseconds = 0,
            DurationNanoseconds = 0,
            Source = Spans.Client,
            Destination = Spans.Server,
            TraceId = ActivityTraceId.CreateRandom(),
            SpanId = ActivitySpanId.CreateRandom(),
            End = SpanEnd.Framed,
        };
        using var json = JsonDocument.Parse(await Print(indented: false, call));
        var span = json.RootElement[0];
        Assert.Equal(type, span.GetProperty("type").GetString());
        Assert.Equal(attributes, string.Join(' ', span.GetProperty("attributes").EnumerateObject().Select(member => $"{member.Name}={member.Value.GetString()}")));
    }

    [Fact]
    public async Task What_is_not_known_is_left_out()
    {
        using var json = JsonDocument.Parse(await Print(indented: false, Spans.Http(status: null, requestSize: null, serviceNanoseconds: null, route: null)));
        var span = json.RootElement[0];
        Assert.False(span.TryGetProperty("handlerDuration", out _));
        Assert.Equal(
            ["method", "url", "route", "clientAddr", "serverAddr", "serverPort"],
            span.GetProperty("attributes").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_batch_is_one_array_on_one_line_and_batches_follow_one_another()
    {
        using var stream = new MemoryStream();
        var sink = new JsonSpanSink(stream);
        await sink.EmitAsync(new Span[] { Spans.Http("/a"), Spans.Http("/b\n\u001b[2J") }, Cancellation);
        await sink.EmitAsync(new Span[] { Spans.Http("/c") }, Cancellation);
        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(["/a", "/b\n\u001b[2J"], Urls(lines[0]));
        Assert.Equal(["/c"], Urls(lines[1]));
        Assert.DoesNotContain(lines[0], char.IsControl);

        static IEnumerable<string?> Urls(string line)
        {
            using var json = JsonDocument.Parse(line);
            return [.. json.RootElement.EnumerateArray().Select(span => span.GetProperty("attributes").GetProperty("url").GetString())];
        }
    }

    [Fact]
    public async Task Indented_it_has_a_space_a_level()
    {
        var lines = (await Print(indented: true, Spans.Http())).Split('\n');
        Assert.Equal(["[", " {", "  \"type\": \"HTTP\","], lines[..3]);
        Assert.Contains("   \"method\": \"GET\",", lines);
        Assert.Equal(["]", ""], lines[^2..]);
    }

    [Fact]
    public async Task A_reader_that_went_away_silences_the_sink_and_is_counted()
    {
        var stream = new MemoryStream();
        await stream.DisposeAsync();
        var sink = new JsonSpanSink(stream);
        await sink.EmitAsync(new Span[] { Spans.Http(), Spans.Http() }, Cancellation);
        await sink.EmitAsync(new Span[] { Spans.Http() }, Cancellation);
        Assert.Equal((true, 3L), (sink.IsClosed, sink.UnprintedSpans));
    }

    [Fact]
    public async Task The_counter_prints_its_sum_once_at_the_end()
    {
        using var stream = new MemoryStream();
        var sink = new CountingSpanSink(stream);
        await sink.EmitAsync(new Span[] { Spans.Http(), Spans.Http() }, Cancellation);
        await sink.EmitAsync(new Span[] { Spans.Http() }, Cancellation);
        Assert.Equal((3, 0), (sink.Spans, stream.Length));
        await sink.DisposeAsync();
        await sink.DisposeAsync();
        Assert.Equal("Processed 3 requests\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    private sealed class CallSpan : Span
    {
        public override SpanStatus Status => SpanStatus.Unset;

        public override string? ErrorType => null;

        public override string Name => "/shop.Cart/Add";

        public override string Protocol => "call";

        protected override void VisitKnownAttributes(ISpanAttributeVisitor visitor)
        {
        }
    }

    private static async Task<string> Print(bool indented, params Span[] spans)
    {
        using var stream = new MemoryStream();
        await new JsonSpanSink(stream, indented).EmitAsync(spans, Cancellation);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
