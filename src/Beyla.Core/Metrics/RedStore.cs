using System.Collections.Immutable;
using Beyla.Telemetry;
using Beyla.Tracing;

namespace Beyla.Metrics;

/// <summary>
/// Keeps rate, error and duration metrics for every observed service. A series belongs to its service and goes with it.
/// <see cref="Register"/>, <see cref="Retire"/> and <see cref="Snapshot"/> may be called by any thread at any time;
/// recording and <see cref="Sweep"/> belong to one thread at a time.
/// </summary>
public sealed class RedStore : ITelemetrySource
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ServiceIdentity, RedService> _byIdentity = [];
    private readonly List<RedService> _retired = [];
    private readonly Dictionary<InstrumentGroup, ImmutableArray<SeriesLayout>> _layouts;
    private readonly StoreClock _clock;
    private readonly int _maxSeries;
    private readonly int _maxRetired;
    private readonly long _graceMilliseconds;
    private readonly long _sweepInterval;
    private volatile RedService[] _services = [];
    private long _nextSweep;
    private long _overflowedRecords;
    private long _rejectedRecords;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">Read now; later changes have no effect. <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">Clock of lifetimes and start times; <see langword="null"/> for the system's.</param>
    /// <param name="attributes">Which attributes the metrics have; <see langword="null"/> for the standard ones.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    public RedStore(RedOptions? options = null, TimeProvider? timeProvider = null, AttributeOptions? attributes = null)
    {
        options ??= new();
        attributes ??= new();
        var errors = new List<string>();
        options.Validate(nameof(RedOptions), errors);
        attributes.Validate(nameof(AttributeOptions), errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }

        _clock = new(timeProvider ?? TimeProvider.System);
        var selection = new MetricSelection(attributes);
        _layouts = MetricRegistry.Groups.ToDictionary(group => group, group => SeriesLayout.Of(group, options, selection));
        _maxSeries = options.MaxSeriesPerService;
        _maxRetired = options.MaxRetiredServices;
        _graceMilliseconds = (long)Math.Ceiling(options.RetiredGrace.TotalMilliseconds);
        HttpMethods = new(options.KnownHttpMethods);
        // Readers leave out what is expired, so the sweep only has to return memory in time.
        _sweepInterval = options.Ttl == TimeSpan.Zero ? long.MaxValue / 2 : Math.Max(1000, (long)options.Ttl.TotalMilliseconds / 4);
        _nextSweep = _clock.Milliseconds + _sweepInterval;
    }

    /// <summary>Exchanges recorded into an overflow series because a service had <see cref="RedOptions.MaxSeriesPerService"/> series.</summary>
    public long OverflowedRecords => Volatile.Read(ref _overflowedRecords);

    /// <summary>Exchanges not recorded: of a service that is gone already, or with an impossible duration.</summary>
    public long RejectedRecords => Volatile.Read(ref _rejectedRecords);

    internal HttpMethods HttpMethods { get; }

    /// <summary>The layouts of all instrument groups.</summary>
    internal IEnumerable<SeriesLayout> Layouts => _layouts.Values.SelectMany(layouts => layouts);

    /// <summary>
    /// Adds a process. Processes with equal namespace, name and instance id are one service, since nothing in the exported
    /// data could tell them apart; one that comes back within <see cref="RedOptions.RetiredGrace"/> goes on counting.
    /// </summary>
    /// <returns>Where to record what the process does. Call <see cref="Retire"/> once for each registration.</returns>
    public RedService Register(ServiceInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        lock (_gate)
        {
            RemoveRetired(_clock.Milliseconds);
            var identity = ServiceIdentity.Of(info);
            if (!_byIdentity.TryGetValue(identity, out var service))
            {
                service = new(this, info, _clock.UtcNow);
                _byIdentity.Add(identity, service);
                _services = [.. _services, service];
            }

            _retired.Remove(service);
            service.Info = info;
            service.Processes++;
            return service;
        }
    }

    /// <summary>
    /// Tells that a registered process is gone. With the last process of the service, its series stay readable for
    /// <see cref="RedOptions.RetiredGrace"/> and then go. Late exchanges are recorded until then.
    /// </summary>
    /// <exception cref="InvalidOperationException">The service has no process left.</exception>
    public void Retire(RedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (service.Processes == 0)
            {
                throw new InvalidOperationException($"The service {service.Info.InstanceId} is retired already: call Retire once for each Register.");
            }

            var now = _clock.Milliseconds;
            if (--service.Processes == 0)
            {
                service.RetiredAt = now;
                _retired.Add(service);
            }

            RemoveRetired(now);
        }
    }

    /// <summary>
    /// Gives the memory of expired series back. Recording does so by itself from time to time; the recording thread may
    /// call it in addition when it has nothing to record. What readers see does not depend on it.
    /// </summary>
    public void Sweep()
    {
        var now = _clock.Milliseconds;
        _nextSweep = now + _sweepInterval;
        foreach (var service in _services)
        {
            service.Sweep(now);
        }
    }

    /// <summary>A view of all services and their series. Cheap: values are read when the view is visited.</summary>
    public MetricsSnapshot Snapshot()
    {
        lock (_gate)
        {
            var now = _clock.Milliseconds;
            var time = _clock.UtcNow;
            RemoveRetired(now);
            return new(time, [.. _services.Select(service => new ServiceMetrics(service, service.Processes > 0, now, time))]);
        }
    }

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        var tables = _services.SelectMany(service => service.Tables).ToArray();
        foreach (var instrument in MetricRegistry.All)
        {
            var series = tables.Where(table => table.Layout.Instruments.Contains(instrument)).Sum(table => table.Series.Length);
            visitor.Visit(SessionInstruments.MetricSeries, series, instrument.Name);
        }

        visitor.Visit(SessionInstruments.MetricOverflows, OverflowedRecords);
        visitor.Visit(SessionInstruments.MetricRejections, RejectedRecords);
    }

    internal GroupTables<TKey> CreateTables<TKey>(InstrumentGroup group)
        where TKey : struct, IEquatable<TKey>, ISelectableKey<TKey> => new(_layouts[group], _maxSeries, _clock);

    /// <summary>The time of the record that follows, after whatever sweeping is due.</summary>
    internal long BeginRecord()
    {
        var now = _clock.Milliseconds;
        if (now >= _nextSweep)
        {
            Sweep();
        }

        return now;
    }

    internal void CountOverflow() => Volatile.Write(ref _overflowedRecords, _overflowedRecords + 1);

    internal void CountRejected() => Volatile.Write(ref _rejectedRecords, _rejectedRecords + 1);

    private void RemoveRetired(long now)
    {
        while (_retired.Count > 0 && (_retired.Count > _maxRetired || now - _retired[0].RetiredAt >= _graceMilliseconds))
        {
            var oldest = _retired[0];
            _retired.RemoveAt(0);
            _byIdentity.Remove(ServiceIdentity.Of(oldest.Info));
            _services = [.. _services.Where(service => service != oldest)];
            oldest.MarkRemoved();
        }
    }
}
