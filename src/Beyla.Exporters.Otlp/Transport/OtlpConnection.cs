using System.Collections.Immutable;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>The connection of one signal, with all defaults filled in.</summary>
internal sealed record OtlpConnection
{
    /// <summary>Scheme of endpoints that are UNIX sockets.</summary>
    internal const string UnixScheme = "unix";

    private const int GrpcPort = 4317;
    private const int HttpPort = 4318;

    private static readonly Uri Localhost = new("http://localhost");

    internal required OtlpSignal Signal { get; init; }

    internal required OtlpProtocol Protocol { get; init; }

    /// <summary>Where requests go: the whole URL, with gRPC the one of the method. For a socket it names the host <c>localhost</c>.</summary>
    internal required Uri Url { get; init; }

    /// <summary>The UNIX socket that the collector listens on; <see langword="null"/> for TCP.</summary>
    internal string? SocketPath { get; init; }

    /// <summary>Where requests go, for people: with gRPC without the path, which nobody wrote.</summary>
    internal string Target => SocketPath is not null ? $"unix://{SocketPath}"
        : Protocol == OtlpProtocol.Grpc ? Url.GetLeftPart(UriPartial.Authority)
        : Url.AbsoluteUri;

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

        var socket = given is { Scheme: UnixScheme } ? Uri.UnescapeDataString(given.AbsolutePath) : null;
        return new OtlpConnection
        {
            Signal = signal,
            Protocol = protocol,
            Url = (protocol, socket) switch
            {
                (OtlpProtocol.Grpc, null) => new Uri(given ?? new Uri($"http://localhost:{GrpcPort}"), signal.GrpcPath),
                (OtlpProtocol.Grpc, _) => new Uri(Localhost, signal.GrpcPath),
                (_, null) => own.Endpoint ?? Append(all.Endpoint ?? new Uri($"http://localhost:{HttpPort}"), signal.HttpPath),
                // The path of the URL is that of the socket.
                _ => Append(Localhost, signal.HttpPath),
            },
            SocketPath = socket,
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
