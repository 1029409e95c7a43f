using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Sinks;

namespace Beyla.Telemetry;

/// <summary>Everything that a session and its parts tell about themselves.</summary>
internal sealed class SessionTelemetry(
    IInstrumentationSession session,
    RedStore metrics,
    Func<ITelemetrySource?> kernel,
    IReadOnlyList<ISpanSink> sinks,
    IReadOnlyList<ISessionExporter> exporters) : ITelemetrySource
{
    // One object may be both, as an exporter of spans and metrics.
    private readonly ImmutableArray<ITelemetrySource> _parts =
        [.. sinks.OfType<ITelemetrySource>().Concat(exporters.OfType<ITelemetrySource>()).Distinct()];

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit(
            SessionInstruments.BuildInfo,
            1,
            BeylaInstrumentation.Version,
            BeylaInstrumentation.Revision,
            Environment.Version.ToString(),
            "linux",
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");
        visitor.Visit(SessionInstruments.Running, session.State == SessionState.Running ? 1 : 0);
        CollectProcesses(visitor);
        CollectAccount(visitor);
        kernel()?.Collect(visitor);
        metrics.Collect(visitor);
        CollectOwnProcess(visitor);
        foreach (var part in _parts)
        {
            part.Collect(visitor);
        }
    }

    private static void CollectOwnProcess(ITelemetryVisitor visitor)
    {
        using var process = Process.GetCurrentProcess();
        visitor.Visit(SessionInstruments.Cpu, process.TotalProcessorTime.TotalSeconds);
        visitor.Visit(SessionInstruments.ResidentMemory, process.WorkingSet64);
        visitor.Visit(SessionInstruments.StartTime, (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
        visitor.Visit(SessionInstruments.ManagedHeap, GC.GetTotalMemory(forceFullCollection: false));
        visitor.Visit(SessionInstruments.Allocated, GC.GetTotalAllocatedBytes());
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            visitor.Visit(SessionInstruments.Collections, GC.CollectionCount(generation), string.Create(CultureInfo.InvariantCulture, $"gen{generation}"));
        }
    }

    private void CollectProcesses(ITelemetryVisitor visitor)
    {
        var groups = session.Processes
            .Where(process => process.State is ProcessState.Attached or ProcessState.Active)
            .GroupBy(process => (Name: Path.GetFileName(process.ExecutablePath), Language: process.Service?.Language ?? ""))
            .OrderBy(group => group.Key);
        foreach (var group in groups)
        {
            visitor.Visit(SessionInstruments.Processes, group.Count(), group.Key.Name, group.Key.Language);
        }
    }

    private void CollectAccount(ITelemetryVisitor visitor)
    {
        var statistics = session.GetStatistics();
        visitor.Visit(SessionInstruments.Captured, statistics.Captured);
        visitor.Visit(SessionInstruments.Exported, statistics.Exported);
        visitor.Visit(SessionInstruments.Filtered, statistics.Filtered);
        visitor.Visit(SessionInstruments.Sampled, statistics.Sampled);
        visitor.Visit(SessionInstruments.SampledSpans, statistics.SampledSpans);
        visitor.Visit(SessionInstruments.Limitations, statistics.Limitations.Length);
        foreach (var sink in statistics.Sinks)
        {
            visitor.Visit(SessionInstruments.SinkSpans, sink.Exported, sink.Name, "exported");
            visitor.Visit(SessionInstruments.SinkSpans, sink.Dropped, sink.Name, "dropped");
            visitor.Visit(SessionInstruments.SinkSpans, sink.Failed, sink.Name, "failed");
        }

        foreach (var sink in statistics.Sinks)
        {
            visitor.Visit(SessionInstruments.SinkQueued, sink.Queued, sink.Name);
        }

        foreach (var sink in statistics.Sinks)
        {
            // What is with the sink has left the queue, so the sum may exceed it by a batch.
            visitor.Visit(SessionInstruments.QueueFill, Math.Min(1, (double)sink.Queued / sink.Capacity), sink.Name);
        }
    }
}
