using System.Net;
using System.Net.Sockets;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>Answers the first bytes of every connection with the same text and closes it.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    internal RawServer(string answer)
    {
        _listener.Start();
        Endpoint = new Uri($"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _loop = ServeAsync(System.Text.Encoding.ASCII.GetBytes(answer));
    }

    internal Uri Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync(byte[] answer)
    {
        var buffer = new byte[65536];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                var stream = client.GetStream();
                _ = await stream.ReadAsync(buffer, _end.Token);
                await stream.WriteAsync(answer, _end.Token);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // The client has gone, or the test is over.
            }
        }
    }
}
