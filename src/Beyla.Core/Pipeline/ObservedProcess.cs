using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Pipeline;

/// <summary>What the pipeline keeps for a process whose exchanges it takes.</summary>
internal sealed class ObservedProcess(ServiceInfo service, ProcessSettings settings, Sampler sampler, RedService metrics, RouteDecorator routes)
{
    public ServiceInfo Service { get; } = service;

    public ProcessSettings Settings { get; } = settings;

    public Sampler Sampler { get; } = sampler;

    public bool ExportsMetrics { get; } = (settings.Exports & SignalExports.Metrics) != 0;

    public bool ExportsTraces { get; } = (settings.Exports & SignalExports.Traces) != 0;

    public RedService Metrics { get; } = metrics;

    /// <summary>Shared by all processes of a service, so that what one of them learned of paths holds for its siblings.</summary>
    public RouteDecorator Routes { get; } = routes;

    /// <summary>Whether an exchange of it was seen.</summary>
    public bool IsActive { get; set; }

    /// <summary>CLOCK_MONOTONIC nanoseconds of its end; 0 while it lives.</summary>
    public long RetiredAt { get; set; }
}
