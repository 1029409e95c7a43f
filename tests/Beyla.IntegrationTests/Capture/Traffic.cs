using System.Net;
using System.Text;
using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Requests one after the other until the end of the object, each of which has to be answered.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const string Path = "/traffic";

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _answered;

    private Traffic(int connections, Func<Task> ask) =>
        _running = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => RunAsync(ask))));

    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Plain requests, each on a connection of its own.</summary>
    public static Traffic To(int port, int connections = 2) =>
        new(connections, () => Requests.GetAsync(port, Path, CancellationToken.None));

    /// <summary>Secure requests, some on each connection.</summary>
    public static Traffic SecurelyTo(IPEndPoint server, int connections = 4) => new(connections, async () =>
    {
        using var connection = await HttpConnection.ConnectAsync(server, isSecure: true, CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes($"GET {Path}?size=1000&id=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"), CancellationToken.None);
            var head = await connection.Reader.ReadHeadAsync(CancellationToken.None);
            Assert.Equal((200, 1000), (head.Status, await connection.Reader.ReadContentAsync(head, none: false, long.MaxValue, CancellationToken.None)));
        }
    });

    /// <summary>Waits until further requests have been answered.</summary>
    public async Task ProceedAsync(int requests, CancellationToken cancellationToken)
    {
        var awaited = Answered + requests;
        await Poll.UntilAsync(() => _running.IsFaulted || Answered >= awaited, () => $"only {Answered} of {awaited} were answered", cancellationToken);
        if (_running.IsFaulted)
        {
            await _running;
        }
    }

    /// <summary>Ends the requests; throws if one of them was not answered as it should.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(Func<Task> ask)
    {
        while (!_stop.IsCancellationRequested)
        {
            await ask();
            Interlocked.Increment(ref _answered);
        }
    }
}
