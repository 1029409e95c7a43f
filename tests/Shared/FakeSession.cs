using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Sinks;
using Beyla.Telemetry;

namespace Beyla.Tests.Shared;

/// <summary>A session without a kernel: it does as told and keeps a diary.</summary>
internal sealed class FakeSession : IInstrumentationSession
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal List<string> Diary { get; } = [];

    internal Exception? StartFailure { get; init; }

    internal bool StartNeverEnds { get; init; }

    internal bool StopNeverEnds { get; init; }

    internal Exception? StopFailure { get; init; }

    internal SessionStatistics Statistics { get; set; } = new();

    internal Task Started => _started.Task;

    public SessionState State { get; set; }

    public IReadOnlyCollection<ProcessSnapshot> Processes { get; set; } = [];

    public RedStore Metrics { get; } = new();

    public ITelemetrySource Telemetry => new SessionTelemetry(this, Metrics, () => null, Sinks, Exporters);

    internal IReadOnlyList<ISpanSink> Sinks { get; set; } = [];

    internal IReadOnlyList<ISessionExporter> Exporters { get; set; } = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Diary.Add("start");
        if (StartNeverEnds)
        {
            _started.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (StartFailure is not null)
        {
            State = SessionState.Failed;
            throw StartFailure;
        }

        State = SessionState.Running;
        foreach (var exporter in Exporters)
        {
            await exporter.StartAsync(this, cancellationToken);
        }

        _started.TrySetResult();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Diary.Add("stop");
        if (StopNeverEnds)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (StopFailure is not null)
        {
            throw StopFailure;
        }

        foreach (var sink in Sinks)
        {
            await sink.CompleteAsync(cancellationToken);
        }

        State = SessionState.Stopped;
    }

    public Task<ProcessSnapshot> AttachAsync(int processId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ProcessSnapshot> DetachAsync(int processId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ProcessSnapshot> ExplainAsync(int processId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public SessionStatistics GetStatistics() => Statistics;

    public async ValueTask DisposeAsync()
    {
        Diary.Add("dispose");
        foreach (var sink in Sinks.OfType<IAsyncDisposable>())
        {
            await sink.DisposeAsync();
        }

        foreach (var exporter in Exporters)
        {
            await exporter.DisposeAsync();
        }
    }
}
