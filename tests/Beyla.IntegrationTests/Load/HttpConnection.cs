using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Load;

/// <summary>A client's connection whose every write is one system call, or one TLS record, of the caller's choosing.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;

    private HttpConnection(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
        Reader = new ResponseReader(_stream);
        LocalPort = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public int LocalPort { get; }

    public ResponseReader Reader { get; }

    /// <summary>Whether the server has said that it ends the connection.</summary>
    public bool Ending { get; set; }

    public static async Task<HttpConnection> ConnectAsync(IPEndPoint server, bool isSecure, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return new HttpConnection(socket, isSecure ? await SecureAsync(stream, cancellationToken) : stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Writes in pieces cut at random places, each a packet of its own.</summary>
    public async Task SendInPiecesAsync(ReadOnlyMemory<byte> bytes, int pieces, Random random, CancellationToken cancellationToken)
    {
        for (var left = pieces; left > 1 && bytes.Length > 1; left--)
        {
            var length = random.Next(1, Math.Max(2, bytes.Length * 2 / left));
            await SendAsync(bytes[..length], cancellationToken);
            bytes = bytes[length..];
            // The pause is the load: without it the server would read several pieces at once.
            await Task.Delay(2, cancellationToken);
        }

        await SendAsync(bytes, cancellationToken);
    }

    /// <summary>Ends the connection with a reset: what was not read yet is lost.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public void Dispose() => _stream.Dispose();

    private static async Task<Stream> SecureAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => TestCertificate.Is(certificate),
            },
            cancellationToken);
        return secure;
    }
}
