using System.Diagnostics.Metrics;
using Beyla.Metrics;
using Beyla.Tests.Shared;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Metrics;

public sealed class RedMeterTests : IDisposable
{
    private readonly RedFixture _red = new(new RedOptions { DurationBuckets = [0.1, 1], RequestSizeBuckets = [100], ResponseSizeBuckets = [200], MaxSeriesPerService = 2, Ttl = TimeSpan.FromSeconds(30) });
    private readonly List<Exception> _failures = [];
    private readonly RedMeter _meter;

    public RedMeterTests()
    {
        _meter = new RedMeter(_red.Store, new MeterOptions("test") { Scope = this }, _failures.Add);
        _meter.Connect();
    }

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Each_instrument_of_the_store_is_a_histogram_with_its_buckets_as_advice()
    {
        using var measured = new Measured(this);
        Assert.Equal(
            MetricRegistry.All.Select(instrument => (instrument.Name, (string?)instrument.Unit, (string?)instrument.Description)),
            measured.Published.Select(instrument => (instrument.Name, instrument.Unit, instrument.Description)));
        Assert.All(measured.Published.Cast<Histogram<double>>(), histogram =>
            Assert.Equal(
                histogram.Unit == "s" ? [0.1, 1] : histogram.Name.Contains("request.body", StringComparison.Ordinal) ? [100] : [200],
                histogram.Advice!.HistogramBucketBoundaries!));
    }

    [Fact]
    public void A_record_is_repeated_with_its_attributes_and_its_service()
    {
        using var measured = new Measured(this);
        var service = _red.Store.Register(new ServiceInfo { ProcessId = 1, Name = "shop", Namespace = "sales", InstanceId = "host:1" });
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, "/a/{id}", https: false, "shop.example", 8080, 0.25, 17, -1);
        const string Tags = "{http.request.method=GET,http.response.status_code=200,http.route=/a/{id},server.address=shop.example,server.port=8080,"
            + "service.instance.id=host:1,service.name=shop,service.namespace=sales,url.scheme=http}";
        Assert.Equal([$"http.server.request.duration{Tags} 0.25", $"http.server.request.body.size{Tags} 17"], measured.Lines);
    }

    [Fact]
    public void What_is_not_known_is_no_attribute()
    {
        using var measured = new Measured(this);
        _red.Register().RecordHttp(SpanKind.Client, "GET"u8, 0, null, https: true, null, 0, 0.5, -1, -1);
        Assert.Equal(["http.client.request.duration{http.request.method=GET,service.instance.id=host:1,service.name=shop,url.scheme=https} 0.5"], measured.Lines);
    }

    [Fact]
    public void Numbers_are_numbers()
    {
        object?[] values = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
            {
                values = [.. tags.ToArray().Where(tag => tag.Key is "http.response.status_code" or "server.port").Select(tag => tag.Value)];
            }
        });
        listener.Start();
        _red.Register().Get("/a", status: 404);
        Assert.Equal([404, 80], values);
    }

    [Fact]
    public void The_overflow_series_says_that_it_is_one()
    {
        using var measured = new Measured(this);
        var service = _red.Register();
        foreach (var route in (string[])["/a", "/b", "/c"])
        {
            service.Get(route);
        }

        Assert.Equal("http.server.request.duration{otel.metric.overflow=True,service.instance.id=host:1,service.name=shop} 0.004", measured.Lines.Last());
    }

    [Fact]
    public void Listeners_hear_what_is_recorded_after_an_expiry_too()
    {
        using var measured = new Measured(this);
        var service = _red.Register();
        service.Get("/a");
        _red.Time.Advance(TimeSpan.FromSeconds(31));
        service.Get("/a");
        Assert.Equal(2, measured.Lines.Count);
    }

    [Fact]
    public void Only_wanted_instruments_are_heard()
    {
        using var measured = new Measured(this, instrument => instrument.Name == "http.server.response.body.size");
        _red.Register().RecordHttp(SpanKind.Server, "GET"u8, 200, null, https: false, null, 0, 0.5, 1, 2);
        Assert.EndsWith(" 2", Assert.Single(measured.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_listener_a_record_costs_no_memory()
    {
        var service = _red.Register();
        AssertNothingAllocated(service);
        using (var measured = new Measured(this))
        {
            service.Get("/a");
            Assert.Single(measured.Lines);
        }

        AssertNothingAllocated(service);
    }

    [Fact]
    public void With_a_listener_a_record_to_a_known_series_costs_no_memory_of_ours()
    {
        var service = _red.Register();
        var sum = 0.0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, this))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => sum += value);
        listener.Start();
        AssertNothingAllocated(service);
        Assert.True(sum > 0);
    }

    [Fact]
    public void After_the_end_listeners_hear_nothing_and_are_told_of_it()
    {
        using var measured = new Measured(this);
        _meter.Dispose();
        _red.Register().Get("/a");
        Assert.Empty(measured.Lines);
        Assert.Equal(MetricRegistry.All.Length, measured.Completed.Count);
        Assert.Equal(1, Assert.Single(_red.Read()).Count);
    }

    [Fact]
    public void A_listener_that_throws_ends_the_repetition_and_not_the_recording()
    {
        using var measured = new Measured(this) { Failure = new InvalidOperationException("a bad day") };
        var service = _red.Register();
        service.Get("/a");
        service.Get("/a");
        Assert.Equal("a bad day", Assert.Single(_failures).Message);
        Assert.Equal(2, Assert.Single(_red.Read()).Count);
        measured.Failure = null;
        service.Get("/a");
        Assert.Empty(measured.Lines);
    }

    private static void AssertNothingAllocated(RedService service)
    {
        service.Get("/a");
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                service.Get("/a");
            }
        }));
    }
}
