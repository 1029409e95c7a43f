using Beyla.Capture;
using Beyla.Metrics;
using Beyla.Protocols;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Pipeline;

/// <summary>
/// Decorates, filters, records and hands on: everything between a finished exchange and the sinks' queues, on the reader
/// thread. A span object is made only if some sink wants it.
/// </summary>
internal sealed class ExchangePipeline(
    RouteOptions routeOptions,
    RedStore metrics,
    IReadOnlyList<SinkQueue> sinks,
    MonotonicClock clock,
    Action<int> onFirstExchange) : IExchangeSink
{
    private readonly Dictionary<int, ObservedProcess> _processes = [];
    private readonly Dictionary<(string Namespace, string Name), SharedRoutes> _routes = [];
    private readonly Utf8StringCache _strings = new();
    private readonly SpanIdSource _ids = new();

    public PipelineCounters Counters { get; } = new();

    /// <summary>Begins to take exchanges of a process, or goes on under another name after an exec.</summary>
    public void Add(ServiceInfo service)
    {
        Remove(service.ProcessId);
        var key = (service.Namespace, service.Name);
        if (!_routes.TryGetValue(key, out var shared))
        {
            _routes.Add(key, shared = new SharedRoutes(new RouteDecorator(routeOptions)));
        }

        shared.Users++;
        _processes.Add(service.ProcessId, new ObservedProcess(service, metrics.Register(service), shared.Decorator));
    }

    /// <summary>The process is gone, or nobody selects it any more.</summary>
    public void Remove(int processId)
    {
        if (!_processes.Remove(processId, out var process))
        {
            return;
        }

        metrics.Retire(process.Metrics);
        var key = (process.Service.Namespace, process.Service.Name);
        if (_routes.TryGetValue(key, out var shared) && --shared.Users == 0)
        {
            _routes.Remove(key);
        }
    }

    /// <inheritdoc/>
    public void Emit(Exchange exchange)
    {
        Counters.Captured++;
        if (!_processes.TryGetValue(exchange.ProcessId, out var process))
        {
            Counters.UnknownProcess++;
            return;
        }

        if (!process.IsActive)
        {
            process.IsActive = true;
            onFirstExchange(exchange.ProcessId);
        }

        var decision = process.Routes.Decorate(exchange.RoutePath);
        if (decision.IgnoreMetrics && decision.IgnoreTraces)
        {
            Counters.Filtered++;
            return;
        }

        if (!decision.IgnoreMetrics)
        {
            exchange.Record(process.Metrics, decision.Route, _strings);
        }

        if (!decision.IgnoreTraces && sinks.Count > 0)
        {
            var span = exchange.ToSpan(new SpanContext
            {
                Service = process.Service,
                Route = decision.Route,
                WallClockOffsetNanoseconds = clock.WallClockOffset,
                Strings = _strings,
                Ids = _ids,
            });
            for (var i = 0; i < sinks.Count; i++)
            {
                sinks[i].Offer(span);
            }
        }

        Counters.Exported++;
    }

    private sealed class SharedRoutes(RouteDecorator decorator)
    {
        public RouteDecorator Decorator { get; } = decorator;

        public int Users { get; set; }
    }
}
