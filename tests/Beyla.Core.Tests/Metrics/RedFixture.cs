using Beyla.Metrics;
using Beyla.Tracing;
using Microsoft.Extensions.Time.Testing;

namespace Beyla.Core.Tests.Metrics;

/// <summary>A store with a clock that stands still until told otherwise.</summary>
internal sealed class RedFixture
{
    internal RedFixture(RedOptions? options = null, params AttributeSelection[] selections)
    {
        var attributes = new AttributeOptions();
        foreach (var selection in selections)
        {
            attributes.Select.Add(selection);
        }

        Store = new(options, Time, attributes);
    }

    internal FakeTimeProvider Time { get; } = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    internal RedStore Store { get; }

    internal static ServiceInfo Info(string name = "shop", string instance = "host:1") =>
        new() { ProcessId = 1, Name = name, InstanceId = instance };

    internal RedService Register(string name = "shop", string instance = "host:1") => Store.Register(Info(name, instance));

    internal List<ReadPoint> Read(MetricInstrument? instrument = null)
    {
        var collector = new PointCollector();
        foreach (var service in Store.Snapshot().Services)
        {
            service.Visit(instrument ?? MetricRegistry.HttpServerRequestDuration, collector);
        }

        return collector.Points;
    }
}
