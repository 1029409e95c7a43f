using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>TLS of a connection, and its errors in words.</summary>
internal static class OtlpTls
{
    /// <exception cref="InvalidDataException">A certificate file is not what it should be.</exception>
    internal static SocketsHttpHandler CreateHandler(OtlpConnection connection)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // A collector behind a changing DNS name is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = 2,
            MaxResponseHeadersLength = 64,
            // The observer's own requests must not become part of anybody's traces.
            ActivityHeadersPropagator = null,
        };
        if (connection.ClientCertificateFile is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [Load(certificate, () => LoadWithKey(certificate, connection.ClientKeyFile))];
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

        return handler;
    }

    internal static string Explain(Exception exception, OtlpConnection connection)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException when connection.Url.Scheme == Uri.UriSchemeHttps:
                    return $"TLS failed ({cause.Message}); check the certificate settings, or use http:// if the collector does without TLS";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "connection refused; check that a collector listens there";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return $"the host name '{connection.Url.Host}' is not known";
                case SocketException socket:
                    return socket.Message;
                default:
                    break;
            }
        }

        return connection.Url.Scheme == Uri.UriSchemeHttp
            ? $"{exception.Message.TrimEnd('.')}; if the collector wants TLS, use https://"
            : exception.Message;
    }

    private static X509Certificate2 LoadWithKey(string certificateFile, string? keyFile)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        // A key that was read from PEM is ephemeral, which not every TLS implementation takes.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
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
