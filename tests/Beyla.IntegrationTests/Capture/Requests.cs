using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Plain requests of the test itself, each on a connection of its own.</summary>
internal static class Requests
{
    /// <returns>Content of the answer, which has to be 200.</returns>
    public static Task<string> GetAsync(int port, string path, CancellationToken cancellationToken) =>
        GetAsync(new IPEndPoint(IPAddress.Loopback, port), path, cancellationToken);

    /// <inheritdoc cref="GetAsync(int, string, CancellationToken)"/>
    public static async Task<string> GetAsync(EndPoint server, string path, CancellationToken cancellationToken)
    {
        using var socket = await ConnectAsync(server, cancellationToken);
        return await AskAsync(socket, path, cancellationToken);
    }

    public static async Task<Socket> ConnectAsync(EndPoint server, CancellationToken cancellationToken)
    {
        var socket = NewSocket(server);
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects as soon as somebody listens, without a moment's delay, and asks at once.</summary>
    /// <inheritdoc cref="GetAsync(int, string, CancellationToken)"/>
    public static async Task<string> GetFirstAsync(int port, string path, CancellationToken cancellationToken)
    {
        var server = new IPEndPoint(IPAddress.Loopback, port);
        while (true)
        {
            try
            {
                return await GetAsync(server, path, cancellationToken);
            }
            catch (SocketException problem) when (problem.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // Nobody listens yet.
            }
        }
    }

    /// <summary>Sends bytes and reads whatever comes until the server ends the connection.</summary>
    public static async Task<RawAnswer> SendAsync(int port, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        using var socket = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        var localPort = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var answer = new MemoryStream();
        try
        {
            await socket.SendAsync(request, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[65536];
            while (await socket.ReceiveAsync(buffer, cancellationToken) is var read and > 0)
            {
                answer.Write(buffer, 0, read);
            }
        }
        catch (SocketException)
        {
            // A server may well end such a connection with a reset.
        }

        return new RawAnswer(localPort, Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length));
    }

    /// <summary>Asks on a connection that stays open.</summary>
    /// <returns>Content of the answer, which has to be 200.</returns>
    public static async Task<string> AskAsync(Socket socket, string path, CancellationToken cancellationToken)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), cancellationToken);
        using var stream = new NetworkStream(socket);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var head = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0 && read > 0)
            {
                continue;
            }

            var answer = ResponseHead.Parse(Encoding.Latin1.GetBytes(text.ToString(0, Math.Max(head, 0))));
            var content = text.ToString(head + 4, text.Length - head - 4);
            if (content.Length == answer.ContentLength)
            {
                Assert.Equal(200, answer.Status);
                return content;
            }

            if (read == 0)
            {
                throw new EndOfStreamException(string.Create(CultureInfo.InvariantCulture, $"{content.Length} of {answer.ContentLength} bytes came."));
            }
        }
    }

    private static Socket NewSocket(EndPoint server) => server is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
