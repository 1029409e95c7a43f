using System.Collections.Immutable;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>The connection of one signal, with all defaults filled in.</summary>
internal sealed record OtlpConnection
{
    private const int GrpcPort = 4317;
    private const int HttpPort = 4318;

    internal required OtlpSignal Signal { get; init; }

    internal required OtlpProtocol Protocol { get; init; }

    /// <summary>Where requests go: the whole URL, with gRPC the one of the method.</summary>
    internal required Uri Url { get; init; }

    internal required ImmutableDictionary<string, string> Headers { get; init; }

    internal required OtlpCompression Compression { get; init; }

    internal required TimeSpan Timeout { get; init; }

    internal string? CertificateFile { get; init; }

    internal string? ClientCertificateFile { get; init; }

    internal string? ClientKeyFile { get; init; }

    internal bool InsecureSkipVerify { get; init; }

    internal static OtlpConnection Of(OtlpExporterOptions all, OtlpConnectionOptions own, OtlpSignal signal)
    {
        var given = own.Endpoint ?? all.Endpoint;
        // As Beyla guesses: 4317, 14317 and the like speak gRPC.
        var protocol = own.Protocol ?? all.Protocol ?? (given is not null && given.Port % 10_000 == GrpcPort ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf);
        var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in all.Headers.Concat(own.Headers))
        {
            headers[name] = value;
        }

        return new OtlpConnection
        {
            Signal = signal,
            Protocol = protocol,
            Url = protocol == OtlpProtocol.Grpc
                ? new Uri(given ?? new Uri($"http://localhost:{GrpcPort}"), signal.GrpcPath)
                : own.Endpoint ?? Append(all.Endpoint ?? new Uri($"http://localhost:{HttpPort}"), signal.HttpPath),
            Headers = headers.ToImmutable(),
            Compression = own.Compression ?? all.Compression ?? OtlpCompression.None,
            Timeout = own.Timeout ?? all.Timeout ?? TimeSpan.FromSeconds(10),
            CertificateFile = own.CertificateFile ?? all.CertificateFile,
            // A key belongs to its certificate: both come from where the certificate does.
            ClientCertificateFile = own.ClientCertificateFile ?? all.ClientCertificateFile,
            ClientKeyFile = own.ClientCertificateFile is null ? all.ClientKeyFile : own.ClientKeyFile,
            InsecureSkipVerify = own.InsecureSkipVerify ?? all.InsecureSkipVerify ?? false,
        };
    }

    // The signal's path is relative to the base's, which is a folder whether or not it ends in a slash.
    private static Uri Append(Uri endpoint, string path)
    {
        var folder = new UriBuilder(endpoint);
        folder.Path = $"{folder.Path.TrimEnd('/')}/{path}";
        return folder.Uri;
    }
}
