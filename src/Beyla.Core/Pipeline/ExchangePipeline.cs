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
    private const long LateNanoseconds = 5_000_000_000;

    private readonly Dictionary<int, ObservedProcess> _processes = [];
    private readonly RouteRules _rules = new(routeOptions);
    private readonly Queue<ObservedProcess> _retired = new();
    private readonly Dictionary<(string Namespace, string Name), SharedRoutes> _routes = [];
    private readonly Utf8StringCache _strings = new();
    private readonly SpanIdSource _ids = new();

    public PipelineCounters Counters { get; } = new();

    /// <summary>Begins to take exchanges of a process, or goes on under another name after an exec.</summary>
    /// <returns>Whether that was news.</returns>
    public bool Add(ServiceInfo service)
    {
        var isActive = false;
        if (_processes.TryGetValue(service.ProcessId, out var known))
        {
            if (known.Service == service && known.RetiredAt == 0)
            {
                return false;
            }

            isActive = known.IsActive && known.RetiredAt == 0;
            Remove(service.ProcessId);
        }

        var key = (service.Namespace, service.Name);
        if (!_routes.TryGetValue(key, out var shared))
        {
            _routes.Add(key, shared = new SharedRoutes(new RouteDecorator(_rules)));
        }

        shared.Users++;
        _processes.Add(service.ProcessId, new ObservedProcess(service, metrics.Register(service), shared.Decorator) { IsActive = isActive });
        return true;
    }

    /// <summary>The process has ended: its metrics are retired now, late exchanges are still taken for <see cref="LateNanoseconds"/>.</summary>
    public void Retire(int processId, long nowNanoseconds)
    {
        if (_processes.TryGetValue(processId, out var process) && process.RetiredAt == 0)
        {
            process.RetiredAt = nowNanoseconds;
            metrics.Retire(process.Metrics);
            _retired.Enqueue(process);
        }
    }

    /// <summary>Nobody selects the process any more, or its late exchanges are in.</summary>
    public void Remove(int processId)
    {
        if (!_processes.Remove(processId, out var process))
        {
            return;
        }

        if (process.RetiredAt == 0)
        {
            metrics.Retire(process.Metrics);
        }

        var key = (process.Service.Namespace, process.Service.Name);
        if (_routes.TryGetValue(key, out var shared) && --shared.Users == 0)
        {
            _routes.Remove(key);
        }
    }

    /// <summary>Forgets processes that ended a while ago; called about once a second.</summary>
    public void OnTick(long nowNanoseconds)
    {
        while (_retired.TryPeek(out var process) && nowNanoseconds - process.RetiredAt > LateNanoseconds)
        {
            _retired.Dequeue();
            // The id may belong to another process by now.
            if (_processes.TryGetValue(process.Service.ProcessId, out var current) && current == process)
            {
                Remove(process.Service.ProcessId);
            }
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
            process = _processes[exchange.ProcessId];
        }

        var decision = process.Routes.Decorate(exchange.RoutePath, exchange.IsPathReal);
        if (decision.IgnoreMetrics && decision.IgnoreTraces)
        {
            Counters.Filtered++;
            return;
        }

        if (!decision.IgnoreMetrics)
        {
            exchange.Record(process.Metrics, decision.Route, _strings);
        }

        if (!decision.IgnoreTraces && IsSpanWanted())
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

    private bool IsSpanWanted()
    {
        for (var i = 0; i < sinks.Count; i++)
        {
            if (sinks[i].IsEnabled)
            {
                return true;
            }
        }

        return false;
    }

    private sealed class SharedRoutes(RouteDecorator decorator)
    {
        public RouteDecorator Decorator { get; } = decorator;

        public int Users { get; set; }
    }
}
