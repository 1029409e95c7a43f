using System.Diagnostics;
using System.Text;
using Beyla.Attributes;
using Beyla.Protocols;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols;

public sealed class HttpExchangeTests
{
    private static readonly ServiceInfo Service = new() { ProcessId = 1, Name = "s", InstanceId = "h:1" };

    [Fact]
    public void A_span_carries_what_the_exchange_knew()
    {
        var span = (HttpSpan)Exchange().ToSpan(Context());
        Assert.Equal(("GET", "/a", "h:80", 201, 7L, 9L, "1.1"), (span.Method, span.Path, span.Host, span.StatusCode, span.RequestBodySize, span.ResponseBodySize, span.ProtocolVersion));
        Assert.Equal((1_000_100, 300, 50L), (span.StartUnixNanoseconds, span.DurationNanoseconds, span.ServiceNanoseconds));
        Assert.Equal(("/{x}", "GET /{x}"), (span.Route, span.Name));
        Assert.Equal((Packet.Remote, Packet.Local, SpanKind.Server), (span.Source, span.Destination, span.Kind));
        Assert.Equal("http", span.Scheme);
        Assert.Equal(default, span.ParentSpanId);
        Assert.Equal(ActivityTraceFlags.Recorded, span.TraceFlags);
        Assert.NotEqual(default, span.TraceId);
        Assert.NotEqual(default, span.SpanId);
    }

    [Theory]
    [InlineData(SpanKind.Server)]
    [InlineData(SpanKind.Client)]
    public void A_span_becomes_the_child_of_the_traceparent(SpanKind kind)
    {
        var exchange = Exchange();
        exchange.Kind = kind;
        var span = exchange.ToSpan(Context(parent: TraceParent.Parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"u8)));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString()));
        Assert.NotEqual(span.ParentSpanId, span.SpanId);
        Assert.Equal(ActivityTraceFlags.None, span.TraceFlags);
    }

    [Fact]
    public void What_was_not_seen_is_null()
    {
        var exchange = Exchange();
        exchange.ResponseStartNanoseconds = 0;
        exchange.StatusCode = null;
        exchange.RequestBodySize = exchange.ResponseBodySize = null;
        exchange.SetText([], 0, 0, -1, 0);
        var span = (HttpSpan)exchange.ToSpan(Context(route: null));
        Assert.Null(span.Method);
        Assert.Null(span.Path);
        Assert.Equal("HTTP", span.Name);
        Assert.Null(span.ServiceNanoseconds);
        Assert.Null(span.StatusCode);
        Assert.Null(span.Host);
        Assert.Null(span.RequestBodySize);
        Assert.Null(span.ResponseBodySize);
    }

    [Fact]
    public void Ids_are_random_and_never_zero()
    {
        var ids = new SpanIdSource();
        var seen = new HashSet<string>();
        for (var i = 0; i < 10_000; i++)
        {
            var (high, low) = ids.NextTraceId();
            Assert.True(seen.Add(TraceIds.ToTraceId(high, low).ToHexString()));
            Assert.True(seen.Add(TraceIds.ToSpanId(ids.NextSpanId()).ToHexString()));
        }

        Assert.DoesNotContain(new string('0', 32), seen);
        Assert.DoesNotContain(new string('0', 16), seen);
        Assert.NotEqual(new SpanIdSource().NextTraceId(), new SpanIdSource().NextTraceId());
    }

    [Fact]
    public void The_same_bytes_give_the_same_string()
    {
        var cache = new Utf8StringCache();
        Assert.Same(cache.Get("/some/longer/path"u8), cache.Get("/some/longer/path"u8));
        Assert.Equal("", cache.Get(default));
    }

    [Fact]
    public void Texts_that_share_a_slot_are_told_apart()
    {
        var cache = new Utf8StringCache(slots: 2);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal($"/path/{i}", cache.Get(Encoding.ASCII.GetBytes($"/path/{i}")));
        }
    }

    [Fact]
    public void Any_bytes_give_a_string()
    {
        var cache = new Utf8StringCache();
        Assert.Equal("/ä", cache.Get("/ä"u8));
        Assert.Equal("/\ufffd", cache.Get([(byte)'/', 0xff]));
        Assert.Equal(new string('a', 10_000), cache.Get(Encoding.ASCII.GetBytes(new string('a', 10_000))));
    }

    private static HttpExchange Exchange()
    {
        var exchange = new HttpExchange
        {
            Kind = SpanKind.Server,
            ProcessId = 1,
            Source = Packet.Remote,
            Destination = Packet.Local,
            StartNanoseconds = 100,
            RequestEndNanoseconds = 150,
            ResponseStartNanoseconds = 200,
            EndNanoseconds = 400,
            End = SpanEnd.Framed,
            StatusCode = 201,
            ProtocolVersion = "1.1",
            RequestBodySize = 7,
            ResponseBodySize = 9,
        };
        exchange.SetText("xxGET/ah:80"u8.ToArray(), 2, 3, 2, 4);
        return exchange;
    }

    private static SpanContext Context(string? route = "/{x}", TraceParent parent = default) => new()
    {
        Service = Service,
        Route = route,
        WallClockOffsetNanoseconds = 1_000_000,
        Strings = new Utf8StringCache(),
        Identity = SpanIdentity.Create(parent, new SpanIdSource(), Sampler.ParentBased(Sampler.AlwaysOn)),
        Selection = new SpanSelection(new AttributeOptions()),
    };
}
