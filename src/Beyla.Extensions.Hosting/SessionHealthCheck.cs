using System.Collections.Frozen;
using System.Globalization;
using Beyla.Discovery;
using Beyla.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Beyla.Extensions.Hosting;

/// <summary>
/// Healthy: the session runs, sees what it was asked to see, and lost nothing since the last check. Degraded: it runs, with
/// what is missing in the description, be it lost by the capture, by sinks, or by exporters on their way (instruments with
/// <see cref="TelemetryInstrument.CountsLosses"/>). The registration's failure status (unhealthy by default): it does not run.
/// </summary>
internal sealed class SessionHealthCheck(IInstrumentationSession session) : IHealthCheck
{
    private readonly Lock _gate = new();
    private long _lost;
    private long _unexported;
    private IReadOnlyDictionary<TelemetryInstrument, long> _exportLosses = FrozenDictionary<TelemetryInstrument, long>.Empty;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var statistics = session.GetStatistics();
        var processes = session.Processes;
        var lost = statistics.Dropped + statistics.Losses.Sum(loss => loss.Count);
        var unexported = statistics.Sinks.Sum(sink => sink.Dropped + sink.Failed);
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["state"] = session.State.ToString(),
            ["captured"] = statistics.Captured,
            ["exported"] = statistics.Exported,
            ["filtered"] = statistics.Filtered,
            ["lost"] = lost,
            ["unexported"] = unexported,
            ["processes"] = processes.Count(process => process.State is ProcessState.Attached or ProcessState.Active),
        };

        if (session.State != SessionState.Running)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, $"The session is {session.State}.", data: data));
        }

        // Only now: what a session tells about itself may be gone when it has ended.
        var exportLosses = ExportLosses.Of(session.Telemetry).Counts;
        data["undelivered"] = exportLosses.Values.Sum();
        var complaints = new List<string>(statistics.Limitations);
        complaints.AddRange(processes
            .Where(process => process is { State: ProcessState.Skipped, MatchedSelector: not null })
            .Select(process => string.Create(CultureInfo.InvariantCulture, $"Process {process.ProcessId} ({process.ExecutablePath}) is not observed: {process.Explanation}.")));
        var (newlyLost, newlyUnexported, newExportLosses) = SinceLastCheck(lost, unexported, exportLosses);
        if (newlyLost > 0)
        {
            complaints.Add(string.Create(CultureInfo.InvariantCulture, $"{newlyLost} losses in the capture since the last check."));
        }

        if (newlyUnexported > 0)
        {
            complaints.Add(string.Create(CultureInfo.InvariantCulture, $"{newlyUnexported} spans not taken by sinks since the last check."));
        }

        complaints.AddRange(newExportLosses.Select(loss => string.Create(
            CultureInfo.InvariantCulture, $"{loss.Count} {loss.Instrument.Unit.Trim('{', '}').Replace('_', ' ')}s given up by an exporter since the last check ({loss.Instrument.Name}); the log says why.")));
        return Task.FromResult(complaints.Count == 0
            ? HealthCheckResult.Healthy("The session runs.", data)
            : HealthCheckResult.Degraded(string.Join(' ', complaints), data: data));
    }

    // A loss of long ago must not keep a session degraded for ever.
    private (long Lost, long Unexported, IReadOnlyList<(TelemetryInstrument Instrument, long Count)> ExportLosses) SinceLastCheck(
        long lost, long unexported, IReadOnlyDictionary<TelemetryInstrument, long> exportLosses)
    {
        lock (_gate)
        {
            var grown = exportLosses
                .Select(loss => (loss.Key, Count: loss.Value - _exportLosses.GetValueOrDefault(loss.Key)))
                .Where(loss => loss.Count > 0)
                .OrderBy(loss => loss.Key.Name, StringComparer.Ordinal)
                .ToArray();
            var since = (lost - _lost, unexported - _unexported, grown);
            (_lost, _unexported, _exportLosses) = (lost, unexported, exportLosses);
            return since;
        }
    }
}
