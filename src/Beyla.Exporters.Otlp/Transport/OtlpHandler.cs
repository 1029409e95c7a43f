using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>The network stack of a connection, with its TLS.</summary>
internal static class OtlpHandler
{
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(5);

    /// <exception cref="InvalidDataException">A certificate file is not what it should be.</exception>
    internal static SocketsHttpHandler Create(OtlpConnection connection)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // A collector behind a changing DNS name is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A handshake that hangs outlives the attempt that began it, and its connection is one of the few.
            ConnectTimeout = connection.Timeout,
            MaxConnectionsPerServer = 2,
            MaxResponseHeadersLength = 64,
            // The observer's own requests must not become part of anybody's traces.
            ActivityHeadersPropagator = null,
        };
        if (connection.Protocol == OtlpProtocol.Grpc)
        {
            // Attempts share one connection: one that is dead without having been closed would fail them all.
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
            handler.KeepAlivePingDelay = PingDelay;
            handler.KeepAlivePingTimeout = PingDelay;
        }

        if (connection.SocketPath is { } path)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken);
        }

        ConfigureTls(handler, connection);
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void ConfigureTls(SocketsHttpHandler handler, OtlpConnection connection)
    {
        if (connection.ClientCertificateFile is { } certificate)
        {
            handler.SslOptions.ClientCertificateContext = Load(certificate, () => LoadWithKey(certificate, connection.ClientKeyFile));
        }

        if (connection.InsecureSkipVerify)
        {
#pragma warning disable CA5359 // the user asked for just that, by a name that says so
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (connection.CertificateFile is { } authority)
        {
            var roots = new X509Certificate2Collection();
            Load(authority, () =>
            {
                roots.ImportFromPemFile(authority);
                return roots.Count > 0 ? roots : throw new CryptographicException("it holds no certificate");
            });
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }
    }

    // The file may go on with the authorities between the certificate and what the collector trusts.
    private static SslStreamCertificateContext LoadWithKey(string certificateFile, string? keyFile)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        // A key that was read from PEM is ephemeral, which not every TLS implementation takes.
        return SslStreamCertificateContext.Create(
            X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null), chain, offline: true);
    }

    private static T Load<T>(string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{file}' can't be used: {exception.Message.TrimEnd('.')}. Give a PEM file.", exception);
        }
    }
}
