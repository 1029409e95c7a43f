using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Beyla.Exporters.Prometheus;

/// <summary>The address of the options in terms of sockets, and what goes wrong there in terms of the options.</summary>
internal static class ListenAddress
{
    internal const string Any = "*";

    private const int Backlog = 64;

    internal static bool IsValid(string? address) =>
        address is Any || (!string.IsNullOrEmpty(address) && Uri.CheckHostName(address) != UriHostNameType.Unknown);

    /// <summary>Listens on every address that the options mean.</summary>
    /// <exception cref="IOException">One of them can't be listened on; the message says why and what to do.</exception>
    internal static List<Socket> Listen(PrometheusOptions options)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach (var address in Find(options.Address))
            {
                sockets.Add(Listen(new IPEndPoint(address, options.Port)));
            }

            return sockets;
        }
        catch (SocketException exception)
        {
            foreach (var socket in sockets)
            {
                socket.Dispose();
            }

            throw new IOException(Explain(options, exception), exception);
        }
    }

    private static IPAddress[] Find(string address) => address switch
    {
        // The unspecified IPv6 address takes IPv4 too.
        Any => [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any],
        "localhost" => Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback],
        _ => IPAddress.TryParse(address, out var parsed) ? [parsed] : [.. Dns.GetHostAddresses(address).Distinct()],
    };

    private static Socket Listen(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = endpoint.Address.Equals(IPAddress.IPv6Any);
            }

            socket.Bind(endpoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Explain(PrometheusOptions options, SocketException error)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"Can't serve Prometheus metrics on {options.Address}, port {options.Port}");
        return error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"{what}: the port is in use. Choose another Prometheus port, or stop the program that has this one.",
            SocketError.AccessDenied => $"{what}: not permitted. Choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE.",
            SocketError.AddressNotAvailable => $"{what}: this machine does not have that address. Choose one of its addresses, or * for all.",
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => $"{what}: the host name is not known. Choose one of the machine's addresses, or * for all.",
            _ => $"{what}: {error.Message}. Choose another Prometheus address or port.",
        };
    }
}
