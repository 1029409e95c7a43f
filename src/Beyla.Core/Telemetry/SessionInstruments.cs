using System.Collections.Immutable;

namespace Beyla.Telemetry;

/// <summary>Every metric that a session tells about itself. Names and meanings are part of the contract; docs/internal-metrics.md lists them.</summary>
internal static class SessionInstruments
{
    internal static readonly TelemetryInstrument BuildInfo = UpDownCounter(
        "beyla.internal.build.info", "1", "Version of the observer; the value is always 1", "version", "revision", "dotnet_version", "os", "arch");

    internal static readonly TelemetryInstrument Running = UpDownCounter(
        "beyla.session.running", "1", "Whether the session captures: 1 from the end of its start to the begin of its stop, else 0");

    internal static readonly TelemetryInstrument Processes = UpDownCounter(
        "beyla.instrumented.processes", "{process}", "Processes that are observed", "process_name", "language");

    internal static readonly TelemetryInstrument InstrumentationErrors = Counter(
        "beyla.instrumentation.errors", "{error}", "Times that a process could not be observed as was asked", "process_name", "error_type");

    internal static readonly TelemetryInstrument Captured = Counter(
        "beyla.exchanges.captured", "{exchange}", "Requests with their responses that were seen");

    internal static readonly TelemetryInstrument Exported = Counter(
        "beyla.exchanges.exported", "{exchange}", "Exchanges that went to metrics or sinks");

    internal static readonly TelemetryInstrument Filtered = Counter(
        "beyla.exchanges.filtered", "{exchange}", "Exchanges that nothing took because a rule of the user keeps them back");

    internal static readonly TelemetryInstrument Sampled = Counter(
        "beyla.exchanges.sampled", "{exchange}", "Exchanges that nothing took because the sampler left their span out");

    internal static readonly TelemetryInstrument SampledSpans = Counter(
        "beyla.spans.sampled", "{span}", "Spans that the sampler left out; most of their exchanges went to the metrics");

    internal static readonly TelemetryInstrument Dropped = Counter(
        "beyla.exchanges.dropped", "{exchange}", "Captured exchanges that went nowhere", "reason");

    internal static readonly TelemetryInstrument Losses = Counter(
        "beyla.losses", "{event}", "What was lost before it became an exchange", "reason");

    internal static readonly TelemetryInstrument Unfollowed = Counter(
        "beyla.unfollowed", "{event}", "What was seen and is not followed", "reason");

    internal static readonly TelemetryInstrument SinkSpans = Counter(
        "beyla.sink.spans", "{span}", "Spans offered to a sink, by what became of them", "sink", "outcome");

    internal static readonly TelemetryInstrument SinkQueued = UpDownCounter(
        "beyla.sink.queued.spans", "{span}", "Spans that wait for a sink or are with it", "sink");

    internal static readonly TelemetryInstrument QueueFill = Gauge(
        "beyla.queue.capacity", "1", "Share of a sink's queue that is in use", "subscriber");

    internal static readonly TelemetryInstrument ChannelSpans = Counter(
        "beyla.channel.spans", "{span}", "Spans put into a channel for consumers, by what became of them", "channel", "outcome");

    internal static readonly TelemetryInstrument ChannelQueued = UpDownCounter(
        "beyla.channel.queued.spans", "{span}", "Spans that wait in a channel for a consumer", "channel");

    internal static readonly TelemetryInstrument Limitations = UpDownCounter(
        "beyla.limitations", "{limitation}", "What keeps the session from seeing or exporting all that was asked for; the log has the sentences");

    internal static readonly TelemetryInstrument RingRecords = Counter(
        "beyla.ring.records", "{record}", "Records that the kernel handed over");

    internal static readonly TelemetryInstrument RingRead = Counter(
        "beyla.ring.read", "By", "Bytes of the records that the kernel handed over");

    internal static readonly TelemetryInstrument RingSize = Gauge(
        "beyla.ring.size", "By", "Size of the ring buffer between kernel and reader");

    internal static readonly TelemetryInstrument RingUsed = Gauge(
        "beyla.ring.used", "By", "Bytes of the ring buffer that wait for the reader");

    internal static readonly TelemetryInstrument RingUsedPeak = Gauge(
        "beyla.ring.used.peak", "By", "Most bytes that the reader found waiting since the start");

    internal static readonly TelemetryInstrument ProbeExecutions = Counter(
        "beyla.bpf.probe.executions", "{run}", "Runs of a BPF program while the kernel counted them", "probe_id", "probe_type", "probe_name");

    internal static readonly TelemetryInstrument ProbeLatency = Counter(
        "beyla.bpf.probe.latency", "s", "Time spent in a BPF program while the kernel counted it", "probe_id", "probe_type", "probe_name");

    internal static readonly TelemetryInstrument ProbeMisses = Counter(
        "beyla.bpf.probe.misses", "{run}", "Runs of a BPF program that the kernel skipped because the program was running on that CPU", "probe_id", "probe_type", "probe_name");

    internal static readonly TelemetryInstrument MapEntries = UpDownCounter(
        "beyla.bpf.map.entries", "{entry}", "Entries in use in a BPF hash map", "map_id", "map_name", "map_type");

    internal static readonly TelemetryInstrument MapMaxEntries = UpDownCounter(
        "beyla.bpf.map.max.entries", "{entry}", "Entries that a BPF hash map has room for", "map_id", "map_name", "map_type");

    internal static readonly TelemetryInstrument Connections = UpDownCounter(
        "beyla.connections", "{connection}", "Connections that are followed or known to be of no interest");

    internal static readonly TelemetryInstrument MetricSeries = UpDownCounter(
        "beyla.metrics.series", "{series}", "Series of RED metrics in the store", "metric");

    internal static readonly TelemetryInstrument MetricOverflows = Counter(
        "beyla.metrics.overflows", "{exchange}", "Exchanges recorded into an overflow series because their service had the most series allowed");

    internal static readonly TelemetryInstrument MetricRejections = Counter(
        "beyla.metrics.rejections", "{exchange}", "Exchanges not recorded: of a service that was gone already, or with an impossible duration");

    // The names by which Prometheus' own client libraries tell of their process. OpenTelemetry's process.cpu.time is left
    // to observed processes: one page may have both.
    internal static readonly TelemetryInstrument Cpu = Counter(
        "process.cpu", "s", "Processor time of the observer's own process");

    internal static readonly TelemetryInstrument ResidentMemory = Gauge(
        "process.resident.memory", "By", "Resident memory of the observer's own process");

    internal static readonly TelemetryInstrument StartTime = Gauge(
        "process.start.time", "s", "Start of the observer's own process in seconds since the Unix epoch");

    internal static readonly TelemetryInstrument ManagedHeap = Gauge(
        "dotnet.gc.heap.size", "By", "Managed heap of the observer's own process, with what is not collected yet");

    internal static readonly TelemetryInstrument Allocated = Counter(
        "dotnet.gc.heap.total_allocated", "By", "Managed memory that the observer's own process has ever allocated");

    internal static readonly TelemetryInstrument Collections = Counter(
        "dotnet.gc.collections", "{collection}", "Garbage collections of the observer's own process", "gc_heap_generation");

    private static TelemetryInstrument UpDownCounter(string name, string unit, string description, params string[] attributes) =>
        new(name, TelemetryInstrumentKind.UpDownCounter, unit, description, [.. attributes]);

    /// <summary>Those that a session has nothing to tell of at first, and may never have.</summary>
    internal static readonly ImmutableArray<TelemetryInstrument> Sporadic = [Processes, InstrumentationErrors];

    private static TelemetryInstrument Counter(string name, string unit, string description, params string[] attributes) =>
        new(name, TelemetryInstrumentKind.Counter, unit, description, [.. attributes]);

    private static TelemetryInstrument Gauge(string name, string unit, string description, params string[] attributes) =>
        new(name, TelemetryInstrumentKind.Gauge, unit, description, [.. attributes]);
}
