using System.Reflection;
using Beyla.Attributes;
using Beyla.Exporters.Otlp.Encoding;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Resource.V1;

namespace Beyla.Exporters.Otlp.Tests;

public sealed class EncoderTests
{
    private const int MaxBytes = 16 * 1024 * 1024;

    [Fact]
    public void Encoding_spans_allocates_nothing_once_it_runs()
    {
        using var encoder = new SpanEncoder(new ResourceEncoder(new HostIdentity("host", "id"), new Dictionary<string, string>()), MaxBytes);
        Span[] spans = [.. Enumerable.Range(0, 1000).Select(number => Samples.Span(number % 2 == 0 ? Samples.Shop : Samples.Stock, number, number % 3 == 0 ? SpanKind.Client : SpanKind.Server, status: 500, hasParent: true))];
        for (var i = 0; i < 50; i++)
        {
            encoder.Encode(spans);
        }

        Assert.Equal(0, Allocations.Of(() => encoder.Encode(spans)));
    }

    [Theory]
    [InlineData(SpanKind.Server, 0)]
    [InlineData(SpanKind.Server, 14)]
    [InlineData(SpanKind.Client, 5)]
    [InlineData(SpanKind.Client, null)]
    public void A_call_is_a_span_with_all_its_attributes(SpanKind kind, int? status)
    {
        using var encoder = new SpanEncoder(new ResourceEncoder(new HostIdentity("host", "id"), new Dictionary<string, string>()), MaxBytes);
        var call = Samples.Call(kind, status);
        var encoded = encoder.Encode([call]);
        Decoded.AssertEqual(call, ExportTraceServiceRequest.Parser.ParseFrom(encoded[0].Body.Span).ResourceSpans[0].ScopeSpans[0].Spans[0]);
    }

    [Fact]
    public void A_resource_has_the_attributes_that_were_selected()
    {
        var options = new AttributeOptions();
        options.Select.Add(new AttributeSelection { Section = "resource", Exclude = { "host.*", "process.pid", "telemetry.distro.*", "telemetry.sdk.version" } });
        var encoded = new ResourceEncoder(new HostIdentity("host", "id"), new Dictionary<string, string>()).Of(Samples.Shop with { Selection = ResourceSelection.Of(options) });
        Assert.Equal(
            ["os.type", "process.executable.path", "service.instance.id", "service.name", "service.namespace", "service.version", "telemetry.sdk.language", "telemetry.sdk.name"],
            Decoded.Attributes(Resource.Parser.ParseFrom(encoded).Attributes).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Long_values_and_half_characters_survive()
    {
        using var encoder = new SpanEncoder(new ResourceEncoder(new HostIdentity("host", "id"), new Dictionary<string, string>()), MaxBytes);
        var path = new string('x', 3_000_000) + "\ud800";
        var encoded = encoder.Encode([new Protocols.Http.HttpSpan
        {
            Kind = SpanKind.Client,
            Service = Samples.Shop,
            StartUnixNanoseconds = 1,
            DurationNanoseconds = 2,
            Source = new SocketEndpoint([10, 0, 0, 1], 80),
            Destination = new SocketEndpoint([10, 0, 0, 2], 80),
            TraceId = System.Diagnostics.ActivityTraceId.CreateRandom(),
            SpanId = System.Diagnostics.ActivitySpanId.CreateRandom(),
            End = SpanEnd.Framed,
            Method = "GET",
            Path = path,
            Host = "shop.example",
            ProtocolVersion = "1.1",
        }]);
        var span = ExportTraceServiceRequest.Parser.ParseFrom(encoded[0].Body.Span).ResourceSpans[0].ScopeSpans[0].Spans[0];
        var attributes = Decoded.Attributes(span.Attributes);
        Assert.Equal(path.Replace('\ud800', '\ufffd'), attributes["url.path"]);
        Assert.Equal("http://shop.example" + path.Replace('\ud800', '\ufffd'), attributes["url.full"]);
    }

    [Fact]
    public void The_public_api_is_the_approved_one() => PublicApi.ExpectApproved(Assembly.Load("Beyla.Exporters.Otlp"));
}
