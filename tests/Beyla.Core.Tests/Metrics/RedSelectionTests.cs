using Beyla.Metrics;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using CsCheck;

namespace Beyla.Core.Tests.Metrics;

public sealed class RedSelectionTests
{
    private static readonly string[] Standard = ["http.request.method", "http.response.status_code", "http.route", "url.scheme", "server.address", "server.port"];

    [Fact]
    public void Nobody_asked_so_series_have_the_standard_attributes()
    {
        var fixture = new RedFixture();
        Record(fixture.Register(), "GET", 200, "/a", "/a/1", "10.0.0.9");
        Assert.Equal(Standard, Assert.Single(fixture.Read()).Keys);
    }

    [Fact]
    public void Series_that_differ_by_an_excluded_attribute_are_one()
    {
        var fixture = new RedFixture(null, new AttributeSelection { Section = "http.server.request.duration", Exclude = { "http_response_status_code", "server.*" } });
        var service = fixture.Register();
        Record(service, "GET", 200, "/a", "/a/1", "10.0.0.9");
        Record(service, "GET", 500, "/a", "/a/1", "10.0.0.9");
        Record(service, "GET", 200, "/b", "/b/1", "10.0.0.9");

        var points = fixture.Read();
        Assert.Equal([2L, 1L], points.Select(point => point.Count));
        Assert.Equal(["http.request.method", "http.route", "url.scheme"], points[0].Keys);
        Assert.Equal(["GET", "/a", "http"], points[0].Values);
        // The other metrics of the group have what they always had.
        var sizes = fixture.Read(MetricRegistry.HttpServerResponseBodySize);
        Assert.Equal(Standard, sizes[0].Keys);
        Assert.Equal(["200", "500", "200"], sizes.Select(point => point.Values[1]));
    }

    [Fact]
    public void An_optional_attribute_is_shown_when_it_is_included()
    {
        var fixture = new RedFixture(null, new AttributeSelection { Section = "http_server_request_duration_seconds", Include = { "client.address", "url_path", "http.route" } });
        var service = fixture.Register();
        Record(service, "GET", 200, "/a/{id}", "/a/1", "10.0.0.9");
        Record(service, "PUT", 404, "/a/{id}", "/a/1", "10.0.0.9");
        Record(service, "GET", 200, "/a/{id}", "/a/2", "10.0.0.9");
        Record(service, "GET", 200, "/a/{id}", "/a/2", null);

        var points = fixture.Read();
        Assert.Equal(["http.route", "url.path", "client.address"], points[0].Keys);
        Assert.Equal([["/a/{id}", "/a/1", "10.0.0.9"], ["/a/{id}", "/a/2", "10.0.0.9"], ["/a/{id}", "/a/2", null]], points.Select(point => point.Values));
        Assert.Equal([2L, 1L, 1L], points.Select(point => point.Count));
    }

    [Fact]
    public void A_client_has_no_client_address()
    {
        var fixture = new RedFixture(null, new AttributeSelection { Section = "*", Include = { "*" } });
        Record(fixture.Register(), "GET", 200, "/a", "/a/1", null, SpanKind.Client);
        var point = Assert.Single(fixture.Read(MetricRegistry.HttpClientRequestDuration));
        Assert.Equal([.. Standard, "url.path"], point.Keys);
        Assert.Equal("/a/1", point.Values[6]);
    }

    [Fact]
    public void Sections_are_applied_from_the_general_to_the_special_whatever_their_order()
    {
        var fixture = new RedFixture(
            null,
            new AttributeSelection { Section = "http.server.request.duration", Include = { "server.port" }, Exclude = { "url.scheme" } },
            new AttributeSelection { Section = "http.*", Include = { "url.path" }, Exclude = { "http.route" } },
            new AttributeSelection { Section = "*", Include = { "http.*", "url.scheme" } });
        Record(fixture.Register(), "GET", 200, "/a", "/a/1", "10.0.0.9");
        // "*" starts from nothing, the others add and remove.
        Assert.Equal(["http.request.method", "http.response.status_code", "server.port", "url.path"], Assert.Single(fixture.Read()).Keys);
        Assert.Equal(["http.request.method", "http.response.status_code", "url.scheme", "url.path"], Assert.Single(fixture.Read(MetricRegistry.HttpServerResponseBodySize)).Keys);
    }

    [Fact]
    public void A_first_section_without_an_include_starts_from_the_standard()
    {
        var fixture = new RedFixture(
            null,
            new AttributeSelection { Section = "*", Exclude = { "server.address" } },
            new AttributeSelection { Section = "http.server.*", Include = { "url.path" } });
        Record(fixture.Register(), "GET", 200, "/a", "/a/1", "10.0.0.9");
        Assert.Equal([.. Standard.Except(["server.address"]), "url.path"], Assert.Single(fixture.Read()).Keys);
    }

    [Fact]
    public void Calls_are_selected_like_requests()
    {
        var fixture = new RedFixture(null, new AttributeSelection { Section = "rpc_server_*", Include = { "client.address" }, Exclude = { "server.*" } }, new AttributeSelection { Section = "*", Exclude = { "rpc.method" } });
        var service = fixture.Register();
        foreach (var (method, client) in new[] { ("a.B/C", "10.0.0.8"), ("a.B/D", "10.0.0.8"), ("a.B/C", null) })
        {
            service.RecordRpc(new RpcMeasurement
            {
                Kind = SpanKind.Server,
                System = "grpc",
                Method = method,
                Status = "OK",
                ServerAddress = "10.0.0.1",
                ServerPort = 80,
                ClientAddress = client,
                DurationSeconds = 1,
            });
        }

        var points = fixture.Read(MetricRegistry.RpcServerCallDuration);
        Assert.Equal(["rpc.system.name", "rpc.response.status_code", "client.address"], points[0].Keys);
        Assert.Equal([["grpc", "OK", "10.0.0.8"], ["grpc", "OK", null]], points.Select(point => point.Values));
        Assert.Equal([2L, 1L], points.Select(point => point.Count));
        Assert.True(service.WantsRpcClient(SpanKind.Server));
        Assert.False(service.WantsRpcClient(SpanKind.Client));
    }

    [Fact]
    public void A_metric_without_attributes_is_one_series()
    {
        var fixture = new RedFixture(null, new AttributeSelection { Section = "*", Exclude = { "*" } });
        var service = fixture.Register();
        Record(service, "GET", 200, "/a", "/a/1", "10.0.0.9");
        Record(service, "PUT", 500, null, "/b", "10.0.0.8");
        var point = Assert.Single(fixture.Read());
        Assert.Empty(point.Keys);
        Assert.Equal(2, point.Count);
    }

    [Fact]
    public void The_limit_counts_the_series_that_a_metric_really_has()
    {
        var fixture = new RedFixture(
            new() { MaxSeriesPerService = 2 },
            new AttributeSelection { Section = "http.server.request.duration", Exclude = { "http.route" } });
        var service = fixture.Register();
        for (var i = 0; i < 5; i++)
        {
            Record(service, "GET", 200, $"/{i}", $"/{i}", "10.0.0.9");
        }

        var duration = Assert.Single(fixture.Read());
        Assert.Equal((5L, false), (duration.Count, duration.IsOverflow));
        var sizes = fixture.Read(MetricRegistry.HttpServerResponseBodySize);
        Assert.Equal([(1L, false), (1L, false), (3L, true)], sizes.Select(point => (point.Count, point.IsOverflow)));
        Assert.All(sizes[2].Values, Assert.Null);
        // An exchange that overflows in one metric is counted once.
        Assert.Equal(3, fixture.Store.OverflowedRecords);
    }

    [Fact]
    public void The_store_asks_only_for_what_is_selected()
    {
        Assert.False(new RedFixture().Register().WantsHttpOptional(SpanKind.Server));
        var service = new RedFixture(null, new AttributeSelection { Section = "http.server.request.body.size", Include = { "url.path" } }).Register();
        Assert.True(service.WantsHttpOptional(SpanKind.Server));
        Assert.False(service.WantsHttpOptional(SpanKind.Client));
        Assert.False(new RedFixture(null, new AttributeSelection { Section = "*", Exclude = { "http.route" } }).Register().WantsHttpOptional(SpanKind.Server));
    }

    [Fact]
    public void A_record_into_a_selected_series_allocates_nothing()
    {
        var service = new RedFixture(
            null,
            new AttributeSelection { Section = "http.server.request.duration", Include = { "url.path", "client.address" } },
            new AttributeSelection { Section = "http.server.response.body.size", Exclude = { "http.route" } }).Register();
        Record(service, "GET", 200, "/a", "/a/1", "10.0.0.9");
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Record(service, "GET", 200, "/a", "/a/1", "10.0.0.9");
            }
        }));
    }

    [Fact]
    public void Whatever_is_selected_series_are_the_distinct_combinations_of_it()
    {
        var exchange = Gen.Select(One<string>("GET", "PUT"), One(0, 200, 500), One("/a", "/b", null), One<string>("/a/1", "/a/2"), One("10.0.0.8", null));
        Gen.Select(Gen.Bool.Array[8], exchange.Array[0, 40]).Sample((chosen, exchanges) =>
        {
            string[] all = [.. Standard, "url.path", "client.address"];
            var selection = new AttributeSelection { Section = "http.server.request.duration", Include = { "*" } };
            foreach (var name in all.Where((_, i) => !chosen[i]))
            {
                selection.Exclude.Add(name);
            }

            var fixture = new RedFixture(null, selection);
            var service = fixture.Register();
            foreach (var (method, status, route, path, client) in exchanges)
            {
                Record(service, method, status, route, path, client);
            }

            var expected = exchanges
                .Select(e => new[] { e.Item1, e.Item2 == 0 ? null : $"{e.Item2}", e.Item3, "http", "shop.example", "80", e.Item4, e.Item5 })
                .GroupBy(values => string.Join('|', values.Where((_, i) => chosen[i]).Select(value => value ?? "-")))
                .Select(group => (group.Key, (long)group.Count()));
            Assert.Equal(expected, fixture.Read().Select(point => (string.Join('|', point.Values.Select(value => value ?? "-")), point.Count)));
        });
    }

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void Record(RedService service, string method, int status, string? route, string path, string? client, SpanKind kind = SpanKind.Server) =>
        service.RecordHttp(
            kind, method == "GET" ? "GET"u8 : "PUT"u8, status, route, https: false, "shop.example", 80, 0.004, -1, 10, new OptionalAttributes(path, client), default);
}
