namespace Beyla.IntegrationTests.Capture;

/// <summary>Requests one after the other until the end of the object, each of which has to be answered.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _answered;

    private Traffic(int port, int connections) =>
        _running = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => RunAsync(port))));

    public int Answered => Volatile.Read(ref _answered);

    public static Traffic To(int port, int connections = 2) => new(port, connections);

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

    private async Task RunAsync(int port)
    {
        while (!_stop.IsCancellationRequested)
        {
            await Requests.GetAsync(port, "/traffic", CancellationToken.None);
            Interlocked.Increment(ref _answered);
        }
    }
}
