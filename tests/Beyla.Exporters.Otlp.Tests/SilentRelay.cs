using System.Net;
using System.Net.Sockets;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>Passes connections on to a collector, but for the first ones: those are accepted and get no byte.</summary>
internal sealed class SilentRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _loop;

    internal SilentRelay(Uri collector, int silent)
    {
        _listener.Start();
        Endpoint = new UriBuilder(collector) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _loop = AcceptAsync(collector.Port, silent);
    }

    internal Uri Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _listener.Dispose();
        _clients.ForEach(client => client.Dispose());
        _end.Dispose();
    }

    private async Task AcceptAsync(int port, int silent)
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                _clients.Add(near);
                if (_clients.Count > silent)
                {
                    _ = RelayAsync(near, port);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpClient near, int port)
    {
        try
        {
            using var far = new TcpClient();
            await far.ConnectAsync(IPAddress.Loopback, port, _end.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), _end.Token), far.GetStream().CopyToAsync(near.GetStream(), _end.Token));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
        finally
        {
            near.Dispose();
        }
    }
}
