using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>TCP ports of this machine.</summary>
internal static class LocalPort
{
    private const string Listening = "0A";

    /// <summary>A port of 127.0.0.1 that was free a moment ago.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Whether this machine has ::1.</summary>
    public static bool HasIPv6()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether somebody listens on the port, on any address.</summary>
    public static bool IsListening(int port) => IsListening("/proc/self/net/tcp", port) || IsListening("/proc/self/net/tcp6", port);

    private static bool IsListening(string table, int port)
    {
        // Columns: number, local address:port, remote address:port, state…
        var end = port.ToString("X4", CultureInfo.InvariantCulture);
        return File.Exists(table) && File.ReadLines(table).Skip(1)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(columns => columns[3] == Listening && columns[1].EndsWith($":{end}", StringComparison.Ordinal));
    }
}
