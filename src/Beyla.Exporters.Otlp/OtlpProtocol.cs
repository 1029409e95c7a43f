namespace Beyla.Exporters.Otlp;

/// <summary>Transport of OTLP (https://opentelemetry.io/docs/specs/otlp/).</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC over HTTP/2, <c>grpc</c> in the environment.</summary>
    Grpc,

    /// <summary>Protobuf over HTTP/1.1 or later, <c>http/protobuf</c> in the environment.</summary>
    HttpProtobuf,
}
