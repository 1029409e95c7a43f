namespace Beyla.Exporters.Otlp.Transport;

/// <summary>What differs between traces and metrics on the wire.</summary>
/// <param name="Name">Name in messages and telemetry.</param>
/// <param name="HttpPath">Path that is appended to a base URL.</param>
/// <param name="GrpcPath">Path of the gRPC method.</param>
internal sealed record OtlpSignal(string Name, string HttpPath, string GrpcPath)
{
    internal static readonly OtlpSignal Traces = new("traces", "v1/traces", "/opentelemetry.proto.collector.trace.v1.TraceService/Export");

    internal static readonly OtlpSignal Metrics = new("metrics", "v1/metrics", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
}
