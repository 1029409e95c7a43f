using Beyla.Attributes;
using Beyla.Capture;
using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Protocols;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Pipeline;

/// <summary>
/// Decorates, filters, records and hands on: everything between a finished exchange and the sinks' queues, on the reader
/// thread. A span object is made only if some sink wants it.
/// </summary>
/// <param name="options">Of the session.</param>
/// <param name="metrics">Where exchanges are recorded.</param>
/// <param name="sinks">Who gets spans.</param>
/// <param name="clock">For the wall-clock times of spans.</param>
/// <param name="onFirstExchange">Called with a process that nothing was seen of yet, or that is not known; answers whether it is or was selected.</param>
internal sealed class ExchangePipeline(
    BeylaOptions options,
    RedStore metrics,
    IReadOnlyList<SinkQueue> sinks,
    MonotonicClock clock,
    Func<int, bool> onFirstExchange) : IExchangeSink
{
    private const long LateNanoseconds = 5_000_000_000;

    private readonly Dictionary<int, ObservedProcess> _processes = [];
    private readonly RouteRules _rules = new(options.Routes);
    private readonly Sampler _sampler = options.Sampler;
    private readonly ExemplarFilter _exemplars = options.Metrics.ExemplarFilter;
    private readonly ExchangeFilters _filters = new(options.Filters);
    private readonly SpanSelection _selection = new(options.Attributes);
    private readonly Queue<ObservedProcess> _retired = new();
    private readonly Dictionary<(string Namespace, string Name, RouteRules Rules), SharedRoutes> _routes = [];
    private readonly Utf8StringCache _strings = new();
    private readonly SpanIdSource _ids = new();

    public PipelineCounters Counters { get; } = new();

    /// <summary>Whether queries of requests are shown to anybody.</summary>
    public bool ShowsQuery => _selection.Query is not null;

    /// <summary>More is known of a process whose exchanges are taken.</summary>
    public void Update(ServiceInfo service)
    {
        if (_processes.TryGetValue(service.ProcessId, out var known))
        {
            Add(service, known.Settings);
        }
    }

    /// <summary>Begins to take exchanges of a process, or goes on under another name after an exec.</summary>
    /// <returns>Whether that was news.</returns>
    public bool Add(ServiceInfo service, ProcessSettings settings)
    {
        var isActive = false;
        if (_processes.TryGetValue(service.ProcessId, out var known))
        {
            if (known.Service == service && known.Settings == settings && known.RetiredAt == 0)
            {
                return false;
            }

            isActive = known.IsActive && known.RetiredAt == 0;
            Remove(service.ProcessId);
        }

        var key = RoutesOf(service, settings);
        if (!_routes.TryGetValue(key, out var shared))
        {
            _routes.Add(key, shared = new SharedRoutes(new RouteDecorator(key.Rules)));
        }

        shared.Users++;
        var process = new ObservedProcess(service, settings, settings.Sampler ?? _sampler, metrics.Register(service), shared.Decorator) { IsActive = isActive };
        _processes.Add(service.ProcessId, process);
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

        var key = RoutesOf(process.Service, process.Settings);
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
        if (!_processes.TryGetValue(exchange.ProcessId, out var process) || !process.IsActive)
        {
            // More may be known of a process now that it has loaded its runtime, even whether it is selected.
            var isSelected = onFirstExchange(exchange.ProcessId);
            if (!_processes.TryGetValue(exchange.ProcessId, out process))
            {
                CountUnknown(isSelected);
                return;
            }

            process.IsActive = true;
        }

        Counters.Captured++;
        var decision = process.Routes.Decorate(exchange.RoutePath, exchange.IsPathReal);
        if (!_filters.IsEmpty && !_filters.Pass(exchange, process.Service, decision.Route))
        {
            Counters.Filtered++;
            return;
        }

        var wantsMetrics = !decision.IgnoreMetrics && process.ExportsMetrics;
        var mayTrace = !decision.IgnoreTraces && process.ExportsTraces;
        var wantsSpan = mayTrace && IsSpanWanted();
        if (wantsSpan || _exemplars != ExemplarFilter.AlwaysOff)
        {
            EmitTraced(exchange, process, decision.Route, wantsMetrics, mayTrace, wantsSpan);
        }
        else if (!wantsMetrics)
        {
            Counters.Filtered++;
        }
        else
        {
            Count(exchange.Record(process.Metrics, decision.Route, _strings, default));
        }
    }

    /// <summary>Of an exchange whose span is of interest to sinks or to metrics.</summary>
    private void EmitTraced(Exchange exchange, ObservedProcess process, string? route, bool wantsMetrics, bool mayTrace, bool wantsSpan)
    {
        // Before it is recorded: exemplars name the span, and those of sampled spans only.
        var identity = SpanIdentity.Create(exchange.TraceParent, _ids, process.Sampler);
        var exemplar = _exemplars == ExemplarFilter.AlwaysOn || (_exemplars == ExemplarFilter.TraceBased && mayTrace && identity.IsSampled)
            ? new MetricExemplar(0, identity.TraceIdHigh, identity.TraceIdLow, identity.Id, exchange.EndNanoseconds + clock.WallClockOffset)
            : default;
        var isRecorded = wantsMetrics && exchange.Record(process.Metrics, route, _strings, exemplar);
        var isOffered = wantsSpan && identity.IsSampled && Offer(exchange, process.Service, route, identity);
        var isSampledOut = wantsSpan && !identity.IsSampled;
        if (isSampledOut)
        {
            Counters.SampledSpans++;
        }

        if (isOffered || wantsMetrics)
        {
            Count(isOffered || isRecorded);
        }
        else if (isSampledOut)
        {
            Counters.Sampled++;
        }
        else
        {
            Counters.Filtered++;
        }
    }

    // Of whom nobody ever selected nothing was asked for, so nothing is captured and nothing dropped.
    private void CountUnknown(bool wasSelected)
    {
        if (wasSelected)
        {
            Counters.Captured++;
            Counters.UnknownProcess++;
        }
        else
        {
            Counters.Unselected++;
        }
    }

    private void Count(bool isTaken)
    {
        if (isTaken)
        {
            Counters.Exported++;
        }
        else
        {
            Counters.Rejected++;
        }
    }

    /// <returns>Whether a sink took the span into its account.</returns>
    private bool Offer(Exchange exchange, ServiceInfo service, string? route, in SpanIdentity identity)
    {
        var span = exchange.ToSpan(new SpanContext
        {
            Service = service,
            Route = route,
            WallClockOffsetNanoseconds = clock.WallClockOffset,
            Strings = _strings,
            Identity = identity,
            Selection = _selection,
        });
        var isTaken = false;
        for (var i = 0; i < sinks.Count; i++)
        {
            isTaken |= sinks[i].Offer(span);
        }

        return isTaken;
    }

    private (string Namespace, string Name, RouteRules Rules) RoutesOf(ServiceInfo service, ProcessSettings settings) =>
        (service.Namespace, service.Name, settings.Routes ?? _rules);

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
