using Beyla.Capture;
using Beyla.Core.Tests.Metrics;
using Beyla.Core.Tests.Protocols;
using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Pipeline;
using Beyla.Protocols;
using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Tracing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Beyla.Core.Tests.Pipeline;

/// <summary>What lies between the bytes of a connection and the sinks, as a session puts it together.</summary>
internal sealed class PipelineFixture : IAsyncDisposable
{
    internal static readonly ServiceInfo Shop = new() { ProcessId = Packet.ProcessId, Name = "shop", Namespace = "ns", InstanceId = "host:1", Language = "go" };

    private readonly List<Span> _spans = [];
    private readonly SinkQueue? _queue;
    private readonly ProtocolRegistry _protocols;

    internal PipelineFixture(Action<BeylaOptions>? configure = null, ProcessSettings? settings = null, bool hasSink = true)
    {
        var options = new BeylaOptions();
        options.Routes.Patterns.Add("/orders/{id}");
        configure?.Invoke(options);
        Assert.Empty(options.Validate());
        Metrics = new RedStore(options.Metrics, Time, options.Attributes);
        _queue = hasSink ? new SinkQueue("spans", new CallbackSpanSink(_spans.Add), capacity: 100_000, batchSize: 16, NullLogger.Instance) : null;
        Pipeline = new ExchangePipeline(options, Metrics, _queue is null ? [] : [_queue], new MonotonicClock(Time), IsSelected);
        Pipeline.Add(Shop, settings ?? ProcessSettings.Default);
        _protocols = new ProtocolRegistry(Pipeline.ShowsQuery);
    }

    internal FakeTimeProvider Time { get; } = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    internal RedStore Metrics { get; }

    internal ExchangePipeline Pipeline { get; }

    internal PipelineCounters Counters => Pipeline.Counters;

    /// <summary>An exchange as the bytes of a connection.</summary>
    internal PipelineFixture Exchange(string target = "/orders/1", int status = 200, string method = "GET", string headers = "", SocketDirection requests = SocketDirection.Received)
    {
        var connection = _protocols.Rent();
        foreach (var packet in new Conversation(requests)
            .Request($"{method} {target} HTTP/1.1\r\nHost: shop.example:8080\r\n{headers}\r\n")
            .Response($"HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nok")
            .ToPackets())
        {
            connection.OnSegment(packet.ToSegment(), Pipeline);
        }

        _protocols.Return(connection);
        return this;
    }

    /// <summary>The processes that are or were selected.</summary>
    internal HashSet<int> Selected { get; } = [Packet.ProcessId];

    /// <summary>All spans; no more exchanges after it.</summary>
    internal async Task<IReadOnlyList<HttpSpan>> SpansAsync()
    {
        await _queue!.CompleteAsync(TestContext.Current.CancellationToken);
        return [.. _spans.Cast<HttpSpan>()];
    }

    internal List<ReadPoint> Points(MetricInstrument? instrument = null)
    {
        var collector = new PointCollector();
        foreach (var service in Metrics.Snapshot().Services)
        {
            service.Visit(instrument ?? MetricRegistry.HttpServerRequestDuration, collector);
        }

        return collector.Points;
    }

    internal long Recorded(MetricInstrument? instrument = null) => Points(instrument).Sum(point => point.Count);

    private bool IsSelected(int processId) => Selected.Contains(processId);

    public ValueTask DisposeAsync() => _queue?.DisposeAsync() ?? default;
}
