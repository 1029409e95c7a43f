using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Beyla;

/// <summary>The exporters of a session. One that fails stays out; the others and the session go on.</summary>
internal sealed class ExporterSet(IReadOnlyList<ISessionExporter> exporters, ILogger logger) : IAsyncDisposable
{
    private readonly List<ISessionExporter> _started = [];

    /// <summary>What keeps exporters from exporting, a sentence each. Any thread.</summary>
    public ImmutableArray<string> Failures { get; private set; } = [];

    public async Task StartAsync(IInstrumentationSession session, CancellationToken cancellationToken)
    {
        foreach (var exporter in exporters)
        {
            try
            {
                await exporter.StartAsync(session, cancellationToken).ConfigureAwait(false);
                _started.Add(exporter);
            }
#pragma warning disable CA1031 // whatever an exporter throws must not end the capture
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception, $"{exporter.GetType().Name} could not start: {exception.Message}");
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // All at once: they share what is left of the shutdown time.
        await Task.WhenAll(_started.Select(StopAsync)).ConfigureAwait(false);
        _started.Clear();

        async Task StopAsync(ISessionExporter exporter)
        {
            try
            {
                await exporter.StopAsync(cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // whatever an exporter throws must not end the others
            catch (Exception exception)
#pragma warning restore CA1031
            {
                SessionLog.ExporterFailed(logger, exception, $"{exporter.GetType().Name} could not export for the last time: {exception.Message}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var exporter in exporters)
        {
            await exporter.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Fail(Exception exception, string failure)
    {
        SessionLog.ExporterFailed(logger, exception, failure);
        Failures = [.. Failures, failure];
    }
}
