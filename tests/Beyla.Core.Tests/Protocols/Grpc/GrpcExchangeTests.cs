using System.Globalization;
using Beyla.Attributes;
using Beyla.Core.Tests.Metrics;
using Beyla.Core.Tests.Pipeline;
using Beyla.Metrics;
using Beyla.Protocols;
using Beyla.Protocols.Grpc;
using Beyla.Tests.Shared;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols.Grpc;

public sealed class GrpcExchangeTests
{
    private readonly RedFixture _fixture = new();

    [Fact]
    public void A_span_carries_what_the_call_knew()
    {
        var span = SpanOf(Call());
        Assert.Equal(("p.Shop/Buy", "p.Shop/Buy", "p.Shop", 5, "NOT_FOUND", 200), (span.Name, span.Method, span.RpcService, span.StatusCode, span.StatusName, span.HttpStatusCode));
        Assert.Equal((1L, 10L, 2L, 20L), (span.RequestMessages, span.RequestBytes, span.ResponseMessages, span.ResponseBytes));
        Assert.Equal(("h:80", "http", TimeSpan.FromSeconds(1)), (span.Host, span.Scheme, span.Timeout));
        Assert.Equal((1_000_100, 300, 50L), (span.StartUnixNanoseconds, span.DurationNanoseconds, span.ServiceNanoseconds));
        Assert.Equal((Packet.Remote, Packet.Local, SpanKind.Server), (span.Source, span.Destination, span.Kind));
    }

    [Fact]
    public void A_span_shows_the_attributes_of_the_conventions()
    {
        var attributes = new AttributeCollector(SpanOf(Call())).Values;
        Assert.Equal(
            [
                "client.address=10.0.0.2", "network.protocol.name=http", "network.protocol.version=2", "rpc.grpc.status_code=5", "rpc.method=p.Shop/Buy",
                "rpc.request.message.count=1", "rpc.request.size=10", "rpc.response.message.count=2", "rpc.response.size=20",
                "rpc.response.status_code=NOT_FOUND", "rpc.service=p.Shop", "rpc.system.name=grpc", "server.address=h", "server.port=8080",
            ],
            attributes.Select(attribute => $"{attribute.Key}={attribute.Value}").Order(StringComparer.Ordinal));
        Assert.All(attributes.Keys, name => Assert.Contains(KnownAttributes.OnSpans, attribute => attribute.Name == name));
    }

    [Fact]
    public void What_was_not_seen_is_null_and_not_shown()
    {
        var call = Call();
        call.SetText([], 0, -1, 0);
        call.StatusCode = call.HttpStatusCode = null;
        call.TimeoutNanoseconds = call.ResponseStartNanoseconds = 0;
        call.RequestMessages = call.RequestBytes = call.ResponseMessages = call.ResponseBytes = null;
        call.Kind = SpanKind.Client;
        var span = SpanOf(call);
        Assert.Equal("grpc", span.Name);
        Assert.True(span is { Method: null, RpcService: null, StatusCode: null, StatusName: null, Host: null, Timeout: null, ServiceNanoseconds: null, ErrorType: null });
        Assert.Equal(
            ["network.protocol.name", "network.protocol.version", "rpc.system.name", "server.address", "server.port"],
            new AttributeCollector(span).Values.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(SpanKind.Server, 0, null)]
    [InlineData(SpanKind.Server, 1, null)]
    [InlineData(SpanKind.Server, 2, "UNKNOWN")]
    [InlineData(SpanKind.Server, 3, null)]
    [InlineData(SpanKind.Server, 4, "DEADLINE_EXCEEDED")]
    [InlineData(SpanKind.Server, 5, null)]
    [InlineData(SpanKind.Server, 7, null)]
    [InlineData(SpanKind.Server, 8, null)]
    [InlineData(SpanKind.Server, 12, "UNIMPLEMENTED")]
    [InlineData(SpanKind.Server, 13, "INTERNAL")]
    [InlineData(SpanKind.Server, 14, "UNAVAILABLE")]
    [InlineData(SpanKind.Server, 15, "DATA_LOSS")]
    [InlineData(SpanKind.Server, 16, null)]
    [InlineData(SpanKind.Client, 0, null)]
    [InlineData(SpanKind.Client, 1, "CANCELLED")]
    [InlineData(SpanKind.Client, 5, "NOT_FOUND")]
    [InlineData(SpanKind.Client, 16, "UNAUTHENTICATED")]
    [InlineData(SpanKind.Client, 99, "99")]
    public void A_status_is_an_error_for_whom_the_conventions_say(SpanKind kind, int status, string? error)
    {
        var call = Call();
        (call.Kind, call.StatusCode) = (kind, status);
        var span = SpanOf(call);
        Assert.Equal((error, error is null ? SpanStatus.Unset : SpanStatus.Error), (span.ErrorType, span.Status));
    }

    [Theory]
    [InlineData(503, SpanEnd.Framed, "503")]
    [InlineData(200, SpanEnd.Framed, null)]
    [InlineData(200, SpanEnd.Aborted, "response_aborted")]
    [InlineData(null, SpanEnd.Aborted, "response_aborted")]
    public void Without_a_status_of_gRPC_that_of_HTTP_tells(int? http, SpanEnd end, string? error)
    {
        var call = Call();
        (call.StatusCode, call.HttpStatusCode, call.End) = (null, http, end);
        Assert.Equal(error, SpanOf(call).ErrorType);
        Assert.Equal(http is null or 200 ? null : http.Value.ToString(CultureInfo.InvariantCulture), new AttributeCollector(SpanOf(call)).Values.GetValueOrDefault("http.response.status_code"));
    }

    [Fact]
    public void A_server_records_its_calls_under_its_own_address()
    {
        Assert.True(Call().Record(_fixture.Register(), null, new Utf8StringCache(), default));
        var point = Assert.Single(_fixture.Read(MetricRegistry.RpcServerCallDuration));
        Assert.Equal(["p.Shop/Buy", "grpc", "NOT_FOUND", "10.0.0.1", "8080"], point.Values);
        Assert.Equal(3e-7, point.Sum, 1e-12);
        Assert.Empty(_fixture.Read(MetricRegistry.RpcClientCallDuration));
        Assert.Empty(_fixture.Read());
    }

    [Fact]
    public void A_client_records_its_calls_under_the_name_it_gave_its_server()
    {
        var call = Call();
        call.Kind = SpanKind.Client;
        call.StatusCode = null;
        Assert.True(call.Record(_fixture.Register(), null, new Utf8StringCache(), default));
        Assert.Equal(["p.Shop/Buy", "grpc", null, "h", "8080"], Assert.Single(_fixture.Read(MetricRegistry.RpcClientCallDuration)).Values);
        Assert.Empty(_fixture.Read(MetricRegistry.RpcServerCallDuration));
    }

    [Fact]
    public void Methods_that_callers_make_up_share_a_series_of_the_server()
    {
        var service = _fixture.Register();
        foreach (var path in (string[])["/a/b", "/c/d", "/e/f"])
        {
            var call = Call(path);
            call.StatusCode = 12;
            call.Record(service, null, new Utf8StringCache(), default);
        }

        Assert.Equal(["_OTHER", "grpc", "UNIMPLEMENTED", "10.0.0.1", "8080"], Assert.Single(_fixture.Read(MetricRegistry.RpcServerCallDuration)).Values);
    }

    [Fact]
    public void Recording_allocates_nothing_once_the_series_exists()
    {
        var service = _fixture.Register();
        var strings = new Utf8StringCache();
        var call = Call();
        for (var i = 0; i < 10; i++)
        {
            call.Record(service, null, strings, default);
        }

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                call.Record(service, null, strings, default);
            }
        }));
    }

    [Fact]
    public void The_client_address_is_there_for_those_who_select_it()
    {
        var selecting = new RedFixture(null, new AttributeSelection { Section = "rpc.server.call.duration", Include = { "rpc.method", "client.address" } });
        Call().Record(selecting.Register(), null, new Utf8StringCache(), default);
        Assert.Equal(["p.Shop/Buy", "10.0.0.2"], Assert.Single(selecting.Read(MetricRegistry.RpcServerCallDuration)).Values);
    }

    [Theory]
    [InlineData(13, 200)]
    [InlineData(null, 502)]
    public void Every_attribute_of_a_span_has_the_value_that_the_filter_sees(int? status, int http)
    {
        var call = Call();
        (call.StatusCode, call.HttpStatusCode) = (status, http);
        var shown = new AttributeCollector(SpanOf(call)).Values;
        foreach (var attribute in KnownAttributes.Filterable.Where(attribute => attribute.IsOnSpans))
        {
            var value = call.Get(attribute.Filter!.Value, null);
            Assert.Equal(shown.ContainsKey(attribute.Name), value.Kind != AttributeValueKind.Absent);
            if (shown.TryGetValue(attribute.Name, out var text))
            {
                Assert.True(new CompiledFilter(new AttributeFilter { Attribute = attribute.Name, Match = text }).Holds(value), attribute.Name);
            }
        }
    }

    [Fact]
    public void Filters_can_compare_the_status_code()
    {
        var filter = new CompiledFilter(new AttributeFilter { Attribute = "rpc.grpc.status_code", GreaterOrEqual = 5 });
        Assert.True(filter.Holds(Call().Get(filter.Attribute, null)));
    }

    private static RpcSpan SpanOf(GrpcExchange call) => (RpcSpan)call.ToSpan(new SpanContext
    {
        Service = RedFixture.Info(),
        WallClockOffsetNanoseconds = 1_000_000,
        Strings = new Utf8StringCache(),
        Identity = SpanIdentity.Create(call.TraceParent, new SpanIdSource(), Sampler.AlwaysOn),
        Selection = new SpanSelection(new AttributeOptions()),
    });

    private static GrpcExchange Call(string path = "/p.Shop/Buy")
    {
        var call = new GrpcExchange
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
            StatusCode = 5,
            HttpStatusCode = 200,
            TimeoutNanoseconds = 1_000_000_000,
            RequestMessages = 1,
            RequestBytes = 10,
            ResponseMessages = 2,
            ResponseBytes = 20,
        };
        call.SetText(System.Text.Encoding.ASCII.GetBytes(path + "h:80"), 0, path.Length, 4);
        return call;
    }
}
