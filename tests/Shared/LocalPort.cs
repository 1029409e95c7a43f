using System.Net;
using System.Net.Sockets;

namespace Beyla.Tests.Shared;

internal static class LocalPort
{
    /// <summary>A port that nobody listened on a moment ago.</summary>
    internal static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
