using System.Collections.Immutable;

namespace Beyla.Telemetry;

/// <summary>Every metric that a session tells about itself. Names and meanings are part of the contract; docs/internal-metrics.md lists them.</summary>
internal static class SessionInstruments
{
    internal static readonly TelemetryInstrument BuildInfo = Gauge(
        "beyla.internal.build.info", "1", "Version of the observer; the value is always 1", "version", "revision", "dotnet_version", "os", "arch");

    internal static readonly TelemetryInstrument Processes = new(
        "beyla.instrumented.processes", TelemetryInstrumentKind.UpDownCounter, "{process}", "Processes that are observed", "process_name", "language");

    internal static readonly TelemetryInstrument Captured = Counter(
        "beyla.exchanges.captured", "{exchange}", "Requests with their responses that were seen");

    internal static readonly TelemetryInstrument Exported = Counter(
        "beyla.exchanges.exported", "{exchange}", "Exchanges that went to metrics or sinks");

    internal static readonly TelemetryInstrument Filtered = Counter(
        "beyla.exchanges.filtered", "{exchange}", "Exchanges held back by a rule of the user");

    internal static readonly TelemetryInstrument Sampled = Counter(
        "beyla.exchanges.sampled", "{exchange}", "Exchanges whose span was left out by sampling");

    internal static readonly TelemetryInstrument Dropped = Counter(
        "beyla.exchanges.dropped", "{exchange}", "Captured exchanges that went nowhere", "reason");

    internal static readonly TelemetryInstrument Losses = Counter(
        "beyla.losses", "{event}", "What was lost before it became an exchange", "reason");

    internal static readonly TelemetryInstrument Unfollowed = Counter(
        "beyla.unfollowed", "{event}", "What was seen and is not followed", "reason");

    internal static readonly TelemetryInstrument SinkSpans = Counter(
        "beyla.sink.spans", "{span}", "Spans offered to a sink, by what became of them", "sink", "outcome");

    internal static readonly TelemetryInstrument SinkQueued = new(
        "beyla.sink.queued.spans", TelemetryInstrumentKind.UpDownCounter, "{span}", "Spans that wait for a sink", "sink");

    internal static readonly TelemetryInstrument Limitations = new(
        "beyla.limitations", TelemetryInstrumentKind.UpDownCounter, "{limitation}", "What keeps the session from seeing or exporting all that was asked for; the log has the sentences");

    internal static readonly TelemetryInstrument RingRecords = Counter(
        "beyla.ring.records", "{record}", "Records that the kernel handed over");

    internal static readonly TelemetryInstrument RingSize = Gauge(
        "beyla.ring.size", "By", "Size of the ring buffer between kernel and reader");

    internal static readonly TelemetryInstrument RingUsed = Gauge(
        "beyla.ring.used", "By", "Bytes of the ring buffer that wait for the reader");

    internal static readonly TelemetryInstrument RingUsedPeak = Gauge(
        "beyla.ring.used.peak", "By", "Most bytes that the reader found waiting since the start");

    internal static readonly TelemetryInstrument ProgramRuns = Counter(
        "beyla.bpf.program.runs", "{run}", "Runs of a BPF program while the kernel's statistics were on", "program");

    internal static readonly TelemetryInstrument ProgramTime = Counter(
        "beyla.bpf.program.time", "s", "Time spent in a BPF program while the kernel's statistics were on", "program");

    internal static readonly TelemetryInstrument ProgramMisses = Counter(
        "beyla.bpf.program.misses", "{run}", "Runs of a BPF program that the kernel skipped because the program was running on that CPU", "program");

    internal static readonly TelemetryInstrument MapEntries = new(
        "beyla.bpf.map.entries", TelemetryInstrumentKind.UpDownCounter, "{entry}", "Entries in use in a BPF map", "map");

    internal static readonly TelemetryInstrument MapMaxEntries = new(
        "beyla.bpf.map.max.entries", TelemetryInstrumentKind.UpDownCounter, "{entry}", "Entries that a BPF map has room for", "map");

    internal static readonly TelemetryInstrument Connections = new(
        "beyla.connections", TelemetryInstrumentKind.UpDownCounter, "{connection}", "Connections that are followed or known to be of no interest");

    internal static readonly TelemetryInstrument MetricSeries = new(
        "beyla.metrics.series", TelemetryInstrumentKind.UpDownCounter, "{series}", "Series of RED metrics in the store", "metric");

    internal static readonly TelemetryInstrument MetricOverflows = Counter(
        "beyla.metrics.overflows", "{exchange}", "Exchanges recorded into an overflow series because their service had the most series allowed");

    internal static readonly TelemetryInstrument MetricRejections = Counter(
        "beyla.metrics.rejections", "{exchange}", "Exchanges not recorded: of a service that was gone already, or with an impossible duration");

    internal static readonly TelemetryInstrument CpuTime = Counter(
        "process.cpu.time", "s", "Processor time of the observer's own process", "cpu_mode");

    internal static readonly TelemetryInstrument Memory = Gauge(
        "process.memory.usage", "By", "Resident memory of the observer's own process");

    internal static readonly TelemetryInstrument ManagedHeap = Gauge(
        "dotnet.gc.heap.size", "By", "Managed heap of the observer's own process, with what is not collected yet");

    internal static readonly TelemetryInstrument StartTime = Gauge(
        "process.start.time", "s", "Start of the observer's own process in seconds since the Unix epoch");

    /// <summary>Those that a session has nothing to tell of at first, and may never have.</summary>
    internal static readonly ImmutableArray<TelemetryInstrument> Sporadic = [Processes, Dropped, Losses, Unfollowed];

    private static TelemetryInstrument Counter(string name, string unit, string description, params string[] attributes) =>
        new(name, TelemetryInstrumentKind.Counter, unit, description, [.. attributes]);

    private static TelemetryInstrument Gauge(string name, string unit, string description, params string[] attributes) =>
        new(name, TelemetryInstrumentKind.Gauge, unit, description, [.. attributes]);
}
