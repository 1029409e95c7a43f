using System.Net.Sockets;
using System.Security.Authentication;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>What went wrong on the way to a collector, in words that say what to do.</summary>
internal static class ConnectionErrors
{
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
                case SocketException { SocketErrorCode: SocketError.AddressNotAvailable } when connection.SocketPath is not null:
                    return $"there is no socket '{connection.SocketPath}'; check that a collector listens there";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return $"the host name '{connection.Url.Host}' is not known; check the endpoint and the resolver of this machine";
                case SocketException socket:
                    return socket.Message + Hint(connection);
                default:
                    break;
            }
        }

        return exception.GetBaseException().Message.TrimEnd('.') + Hint(connection);
    }

    // Three mistakes look like this: the port of the other protocol, http:// for https://, and no client certificate where one
    // is asked for, since the collector says so only when the handshake is over.
    private static string Hint(OtlpConnection connection)
    {
        var protocol = connection.Protocol == OtlpProtocol.Grpc
            ? "check that the endpoint speaks gRPC (port 4317 as a rule; 4318 is for http/protobuf)"
            : "check that the endpoint speaks http/protobuf (port 4318 as a rule; 4317 is for gRPC)";
        return (connection.Url.Scheme == Uri.UriSchemeHttps, connection.SocketPath, connection.ClientCertificateFile) switch
        {
            (true, _, null) => $"; {protocol}, and whether it asks for a client certificate",
            (false, null, _) => $"; {protocol}, and use https:// if it wants TLS",
            _ => $"; {protocol}",
        };
    }
}
