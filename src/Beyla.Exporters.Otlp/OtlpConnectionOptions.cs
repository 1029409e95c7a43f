namespace Beyla.Exporters.Otlp;

/// <summary>
/// How a collector is reached. What a signal leaves unset is taken from the options for all signals, and what these leave
/// unset from the defaults of the OTLP exporter specification (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
/// </summary>
public class OtlpConnectionOptions
{
    /// <summary>
    /// Where to send. Of a signal the URL as it is; of all signals the base to which <c>v1/traces</c> and <c>v1/metrics</c>
    /// are appended with <see cref="OtlpProtocol.HttpProtobuf"/>. gRPC takes host and port alone; <c>http://</c> is without TLS.
    /// <c>unix:///run/otel.sock</c> is a UNIX socket, without TLS and with the usual paths.
    /// Default: <c>http://localhost:4318</c>, with gRPC <c>http://localhost:4317</c>.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Transport. Default: gRPC when the port of the endpoint ends in 4317, else HTTP.</summary>
    public OtlpProtocol? Protocol { get; set; }

    /// <summary>Headers of each request, such as <c>Authorization</c>. Those of a signal are added to those of all signals, and win.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Compression. Default: none.</summary>
    public OtlpCompression? Compression { get; set; }

    /// <summary>How long one attempt may take. Default: 10 seconds.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>PEM file of the certificate authorities that are trusted, instead of the machine's.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of the client's certificate, for mutual TLS.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>PEM file of the private key that belongs to <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>Whether any certificate of the collector is accepted. Default: <see langword="false"/>.</summary>
    public bool? InsecureSkipVerify { get; set; }
}
