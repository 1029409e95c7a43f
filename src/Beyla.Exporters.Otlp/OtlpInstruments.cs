using Beyla.Telemetry;

namespace Beyla.Exporters.Otlp;

/// <summary>What an exporter tells about itself, for one signal; docs/internal-metrics.md lists it.</summary>
internal sealed class OtlpInstruments
{
    internal static readonly OtlpInstruments Traces = new("trace", "Spans", "{span}");

    internal static readonly OtlpInstruments Metrics = new("metric", "Data points", "{data_point}");

    private OtlpInstruments(string signal, string items, string unit)
    {
        var prefix = $"beyla.otel.{signal}.";
        Exports = new(prefix + "exports", TelemetryInstrumentKind.Counter, unit, $"{items} that the collector took");
        Drops = new(prefix + "drops", TelemetryInstrumentKind.Counter, unit, $"{items} that were given up", "reason") { CountsLosses = true };
        Queued = new(prefix + "queued", TelemetryInstrumentKind.UpDownCounter, unit, $"{items} that wait for the collector");
        Requests = new(prefix + "requests", TelemetryInstrumentKind.Counter, "{request}", $"Requests with {items.ToLowerInvariant()} to the collector, repeated ones too");
        Errors = new(prefix + "export.errors", TelemetryInstrumentKind.Counter, "{request}", $"Requests with {items.ToLowerInvariant()} that the collector did not take", "error");
        Content = new(prefix + "request.content", TelemetryInstrumentKind.Counter, "By", $"Content of requests with {items.ToLowerInvariant()} before compression");
    }

    internal TelemetryInstrument Exports { get; }

    internal TelemetryInstrument Drops { get; }

    internal TelemetryInstrument Queued { get; }

    internal TelemetryInstrument Requests { get; }

    internal TelemetryInstrument Errors { get; }

    internal TelemetryInstrument Content { get; }
}
