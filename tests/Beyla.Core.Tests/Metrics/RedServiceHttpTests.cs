using System.Text;
using Beyla.Metrics;
using Beyla.Tests.Shared;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Metrics;

public sealed class RedServiceHttpTests
{
    private readonly RedFixture _fixture = new();

    [Fact]
    public void A_server_exchange_lands_in_the_three_server_histograms()
    {
        var service = _fixture.Register();

        service.RecordHttp(SpanKind.Server, "POST"u8, 201, "/orders/{id}", https: true, "shop.example", 8443, 0.03, 100, 9000);

        string?[] values = ["POST", "201", "/orders/{id}", "https", "shop.example", "8443"];
        var duration = Assert.Single(_fixture.Read());
        Assert.Equal(values, duration.Values);
        Assert.Equal(0.03, duration.Sum);
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], duration.Buckets);
        var request = Assert.Single(_fixture.Read(MetricRegistry.HttpServerRequestBodySize));
        Assert.Equal(values, request.Values);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], request.Buckets);
        var response = Assert.Single(_fixture.Read(MetricRegistry.HttpServerResponseBodySize));
        Assert.Equal(9000, response.Sum);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], response.Buckets);
        Assert.Empty(_fixture.Read(MetricRegistry.HttpClientRequestDuration));
    }

    [Fact]
    public void A_client_exchange_lands_in_the_client_histograms_only()
    {
        _fixture.Register().RecordHttp(SpanKind.Client, "GET"u8, 200, "/", https: false, "peer", 80, 1, 0, 0);

        Assert.Single(_fixture.Read(MetricRegistry.HttpClientRequestDuration));
        Assert.Single(_fixture.Read(MetricRegistry.HttpClientRequestBodySize));
        Assert.Single(_fixture.Read(MetricRegistry.HttpClientResponseBodySize));
        Assert.Empty(_fixture.Read());
    }

    [Fact]
    public void A_size_that_is_not_known_is_not_recorded()
    {
        var service = _fixture.Register();

        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/", https: false, "a", 80, 0.1, -1, 0);

        Assert.Empty(_fixture.Read(MetricRegistry.HttpServerRequestBodySize));
        Assert.Equal(1, Assert.Single(_fixture.Read(MetricRegistry.HttpServerResponseBodySize)).Buckets[0]);
    }

    [Fact]
    public void What_is_not_known_is_absent()
    {
        _fixture.Register().RecordHttp(SpanKind.Server, default, 0, null, https: false, (string?)null, 0, 0.1, -1, -1);

        Assert.Equal([null, null, null, "http", null, null], Assert.Single(_fixture.Read()).Values);
    }

    [Theory]
    [InlineData("BREW")]
    [InlineData("get")]
    [InlineData("GETT")]
    public void A_method_nobody_knows_becomes_OTHER(string method)
    {
        _fixture.Register().RecordHttp(SpanKind.Server, Encoding.ASCII.GetBytes(method), 200, "/", https: false, "a", 80, 0.1, -1, -1);

        Assert.Equal("_OTHER", Assert.Single(_fixture.Read()).Values[0]);
    }

    [Fact]
    public void Known_methods_can_be_configured()
    {
        var fixture = new RedFixture(new() { KnownHttpMethods = ["PROPFIND"] });

        fixture.Register().RecordHttp(SpanKind.Server, "PROPFIND"u8, 207, "/", https: false, "a", 80, 0.1, -1, -1);

        Assert.Equal("PROPFIND", Assert.Single(fixture.Read()).Values[0]);
    }

    [Fact]
    public void Equal_texts_of_different_strings_are_one_series()
    {
        var service = _fixture.Register();

        service.Get("/a");
        service.Get(new string("/a".AsSpan()));
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: false, service.NameOf(new SocketEndpoint([10, 0, 0, 1], 80)), 80, 1, -1, -1);
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: false, "10.0.0.1", 80, 1, -1, -1);

        Assert.Equal([2L, 2L], _fixture.Read().Select(point => point.Count));
    }

    [Fact]
    public void An_empty_text_and_an_absent_one_are_one_series()
    {
        var service = _fixture.Register();

        service.Get("");
        service.Get(null);
        service.Get(null, status: 7);
        service.Get(null, status: 0);

        Assert.Equal([2L, 2L], _fixture.Read().Select(point => point.Count));
    }

    [Fact]
    public void Each_attribute_makes_a_series_of_its_own()
    {
        var service = _fixture.Register();
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: false, "a", 80, 1, -1, -1);

        service.RecordHttp(SpanKind.Server, "PUT"u8, 200, "/a", https: false, "a", 80, 1, -1, -1);
        service.RecordHttp(SpanKind.Server, "GET"u8, 201, "/a", https: false, "a", 80, 1, -1, -1);
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/b", https: false, "a", 80, 1, -1, -1);
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: true, "a", 80, 1, -1, -1);
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: false, "b", 80, 1, -1, -1);
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/a", https: false, "a", 81, 1, -1, -1);

        var points = _fixture.Read();
        Assert.Equal(7, points.Count);
        Assert.All(points, point => Assert.Equal(1, point.Count));
        Assert.Equal(7, points.Select(point => string.Join('|', point.Values)).Distinct().Count());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.001)]
    [InlineData(double.PositiveInfinity)]
    public void An_impossible_duration_is_rejected_and_counted(double seconds)
    {
        var service = _fixture.Register();

        service.Get("/", seconds: seconds);

        Assert.Empty(_fixture.Read());
        Assert.Equal(1, _fixture.Store.RejectedRecords);
    }

    [Fact]
    public void A_bucket_takes_its_upper_bound()
    {
        var fixture = new RedFixture(new() { DurationBuckets = [1, 2] });
        var service = fixture.Register();

        foreach (var seconds in (double[])[0, 1, 1.5, 2, 2.5])
        {
            service.Get("/", seconds: seconds);
        }

        var point = Assert.Single(fixture.Read());
        Assert.Equal([2, 2, 1], point.Buckets);
        Assert.Equal([1, 2], point.Bounds);
        Assert.Equal(7, point.Sum);
    }

    [Fact]
    public void Recording_to_a_series_that_exists_allocates_nothing()
    {
        var store = new RedStore();
        var service = store.Register(RedFixture.Info());
        var endpoint = new SocketEndpoint([127, 0, 0, 1], 8080);
        string[] routes = ["/a", "/b/{id}", "/a-route-that-is-somewhat-longer/{id}"];
        Record(routes.Length);

        Assert.Equal(0, Allocations.Of(() => Record(10_000)));

        void Record(int times)
        {
            for (var i = 0; i < times; i++)
            {
                service.RecordHttp(SpanKind.Server, "GET"u8, 200, routes[i % routes.Length], https: false, "a", 80, 0.1, 1, 2);
                service.RecordHttp(SpanKind.Client, "BREW"u8, 0, routes[i % routes.Length], https: true, service.NameOf(endpoint), endpoint.Port, 0.1, -1, 2);
            }
        }
    }
}
