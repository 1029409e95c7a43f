namespace Beyla.Metrics;

/// <summary>An exchange that stands for the values of a bucket (OpenTelemetry metrics data model, "Exemplars").</summary>
/// <param name="Value">The recorded value, in the instrument's unit.</param>
/// <param name="TraceIdHigh">First 8 bytes of the trace id, most significant first.</param>
/// <param name="TraceIdLow">Last 8 bytes of the trace id, most significant first.</param>
/// <param name="SpanId">The span id, most significant byte first.</param>
/// <param name="UnixNanoseconds">When it was recorded, in nanoseconds since the Unix epoch.</param>
public readonly record struct MetricExemplar(double Value, ulong TraceIdHigh, ulong TraceIdLow, ulong SpanId, long UnixNanoseconds);
