using System.Collections.Immutable;
using Beyla.Discovery;

namespace Beyla.Exporters.Prometheus;

/// <summary>The account of a session: what it captured, what became of it, what was lost and why.</summary>
public sealed class SessionMetricsPage : IMetricsPage
{
    private readonly IInstrumentationSession _session;

    /// <summary>Makes a page of <paramref name="session"/>.</summary>
    public SessionMetricsPage(IInstrumentationSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        _session = session;
    }

    /// <inheritdoc/>
    public void Write(PrometheusTextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var statistics = _session.GetStatistics();
        Counter(writer, "beyla_exchanges_captured_total", "Requests with their responses that were seen", statistics.Captured);
        Counter(writer, "beyla_exchanges_exported_total", "Exchanges that went to metrics or sinks", statistics.Exported);
        Counter(writer, "beyla_exchanges_filtered_total", "Exchanges held back by a rule of the user", statistics.Filtered);
        Reasons(writer, "beyla_exchanges_dropped_total", "Captured exchanges that went nowhere", statistics.Drops);
        Reasons(writer, "beyla_losses_total", "What was lost before it became an exchange", statistics.Losses);
        Reasons(writer, "beyla_unfollowed_total", "What was seen and is not followed", statistics.Unfollowed);
        WriteSinks(writer, statistics.Sinks);
        WriteProcesses(writer);
    }

    private static void Counter(PrometheusTextWriter writer, string name, string help, long value)
    {
        writer.Family(name, PrometheusMetricType.Counter, help);
        writer.Sample(name, value);
    }

    private static void Reasons(PrometheusTextWriter writer, string name, string help, ImmutableArray<SessionDrop> drops)
    {
        if (drops.IsEmpty)
        {
            return;
        }

        writer.Family(name, PrometheusMetricType.Counter, help);
        foreach (var drop in drops)
        {
            writer.Sample(name, drop.Count, new PrometheusLabel("reason", drop.Reason));
        }
    }

    private static void WriteSinks(PrometheusTextWriter writer, ImmutableArray<SinkStatistics> sinks)
    {
        if (sinks.IsEmpty)
        {
            return;
        }

        const string Spans = "beyla_sink_spans_total";
        writer.Family(Spans, PrometheusMetricType.Counter, "Spans offered to a sink, by what became of them");
        foreach (var sink in sinks)
        {
            writer.Sample(Spans, sink.Exported, new PrometheusLabel("sink", sink.Name), new PrometheusLabel("outcome", "exported"));
            writer.Sample(Spans, sink.Dropped, new PrometheusLabel("sink", sink.Name), new PrometheusLabel("outcome", "dropped"));
            writer.Sample(Spans, sink.Failed, new PrometheusLabel("sink", sink.Name), new PrometheusLabel("outcome", "failed"));
        }

        const string Queued = "beyla_sink_queued_spans";
        writer.Family(Queued, PrometheusMetricType.Gauge, "Spans that wait for a sink");
        foreach (var sink in sinks)
        {
            writer.Sample(Queued, sink.Queued, new PrometheusLabel("sink", sink.Name));
        }
    }

    private void WriteProcesses(PrometheusTextWriter writer)
    {
        const string Name = "beyla_instrumented_processes";
        var names = _session.Processes
            .Where(process => process.State is ProcessState.Attached or ProcessState.Active)
            .GroupBy(process => Path.GetFileName(process.ExecutablePath), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToArray();
        if (names.Length == 0)
        {
            return;
        }

        writer.Family(Name, PrometheusMetricType.Gauge, "Processes that are observed");
        foreach (var group in names)
        {
            writer.Sample(Name, group.LongCount(), new PrometheusLabel("process_name", group.Key));
        }
    }
}
