using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Telemetry;

namespace Beyla.Tests.Shared;

/// <summary>A session that is nothing but its metrics.</summary>
internal sealed class StoreSession(RedStore store, ITelemetrySource? telemetry = null) : IInstrumentationSession
{
    public SessionState State => SessionState.Running;

    public IReadOnlyCollection<ProcessSnapshot> Processes => [];

    public RedStore Metrics => store;

    public ITelemetrySource Telemetry => telemetry ?? store;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ProcessSnapshot> AttachAsync(int processId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ProcessSnapshot> DetachAsync(int processId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ProcessSnapshot> ExplainAsync(int processId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public SessionStatistics GetStatistics() => new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
