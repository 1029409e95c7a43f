namespace Beyla.Exporters.Prometheus;

/// <summary>Cancels when a time is over, or when everything is to end.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _clock;
    private readonly CancellationTokenSource _either;

    internal TimeLimit(TimeSpan time, TimeProvider timeProvider, CancellationToken stop)
    {
        _clock = new CancellationTokenSource(time, timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_clock.Token, stop);
    }

    internal CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _clock.Dispose();
    }

    internal void Restart(TimeSpan time) => _clock.CancelAfter(time);
}
