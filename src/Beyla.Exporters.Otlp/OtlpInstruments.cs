using Beyla.Telemetry;

namespace Beyla.Exporters.Otlp;

/// <summary>What the exporter tells about itself.</summary>
internal static class OtlpInstruments
{
    internal static readonly TelemetryInstrument Items = new(
        "beyla.otlp.items", TelemetryInstrumentKind.Counter, "{item}", "Spans and data points, by what became of them", "signal", "outcome");

    internal static readonly TelemetryInstrument Queued = new(
        "beyla.otlp.queued.items", TelemetryInstrumentKind.UpDownCounter, "{item}", "Spans and data points that wait for the collector", "signal");

    internal static readonly TelemetryInstrument Requests = new(
        "beyla.otlp.requests", TelemetryInstrumentKind.Counter, "{request}", "Requests to the collector, repeated ones too", "signal");

    internal static readonly TelemetryInstrument Failures = new(
        "beyla.otlp.request.failures", TelemetryInstrumentKind.Counter, "{request}", "Requests that the collector did not take", "signal");

    internal static readonly TelemetryInstrument Bytes = new(
        "beyla.otlp.request.content", TelemetryInstrumentKind.Counter, "By", "Content of requests before compression", "signal");
}
