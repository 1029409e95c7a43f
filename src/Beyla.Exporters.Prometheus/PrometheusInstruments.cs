using Beyla.Telemetry;

namespace Beyla.Exporters.Prometheus;

/// <summary>What a metrics server tells about itself.</summary>
internal static class PrometheusInstruments
{
    internal static readonly TelemetryInstrument Requests = new(
        "beyla.prometheus.http.requests", TelemetryInstrumentKind.Counter, "{request}", "Requests for a metrics page", "port", "path");

    internal static readonly TelemetryInstrument Failures = new(
        "beyla.prometheus.http.failures", TelemetryInstrumentKind.Counter, "{request}", "Requests for a metrics page that could not be answered", "port", "path");

    internal static readonly TelemetryInstrument ResponseTime = new(
        "beyla.prometheus.http.time", TelemetryInstrumentKind.Counter, "s", "Time spent in answering requests for a metrics page", "port", "path");

    internal static readonly TelemetryInstrument ResponseBytes = new(
        "beyla.prometheus.http.content", TelemetryInstrumentKind.Counter, "By", "Content of metrics pages before compression", "port", "path");
}
