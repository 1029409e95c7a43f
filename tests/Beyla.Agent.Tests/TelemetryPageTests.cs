using System.Buffers;
using System.Text;
using Beyla.Discovery;
using Beyla.Exporters.Prometheus;
using Beyla.Metrics;
using Beyla.Tests.Shared;

namespace Beyla.Agent.Tests;

public sealed class TelemetryPageTests
{
    [Fact]
    public void The_page_is_the_account_of_the_session()
    {
        var session = new FakeSession
        {
            Statistics = new()
            {
                Captured = 12,
                Exported = 9,
                Filtered = 2,
                Sampled = 1,
                SampledSpans = 4,
                Sinks = [new() { Name = "ConsoleSpanSink", Received = 9, Exported = 6, Dropped = 2, Queued = 1, Capacity = 4 }],
            },
            Processes =
            [
                new() { ProcessId = 7, State = ProcessState.Active, ExecutablePath = "/usr/sbin/nginx", Explanation = "", Since = default },
                new() { ProcessId = 8, State = ProcessState.Attached, ExecutablePath = "/usr/sbin/nginx", Explanation = "", Since = default },
                new() { ProcessId = 9, State = ProcessState.Exited, ExecutablePath = "/usr/sbin/nginx", Explanation = "", Since = default },
            ],
        };
        var output = new ArrayBufferWriter<byte>();
        new TelemetryPage(session.Telemetry).Write(new PrometheusTextWriter(output));
        var storeSamples = MetricRegistry.All.Length + 2; // the series of each metric, overflows, rejections
        string[] samples = [.. Encoding.UTF8.GetString(output.WrittenSpan).Split('\n').Where(line => line.StartsWith("beyla_", StringComparison.Ordinal))];
        Assert.StartsWith("beyla_internal_build_info{version=", samples[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "beyla_session_running 0",
                "beyla_instrumented_processes{process_name=\"nginx\"} 2",
                "beyla_exchanges_captured_total 12",
                "beyla_exchanges_exported_total 9",
                "beyla_exchanges_filtered_total 2",
                "beyla_exchanges_sampled_total 1",
                "beyla_spans_sampled_total 4",
                "beyla_limitations 0",
                "beyla_sink_spans_total{sink=\"ConsoleSpanSink\",outcome=\"exported\"} 6",
                "beyla_sink_spans_total{sink=\"ConsoleSpanSink\",outcome=\"dropped\"} 2",
                "beyla_sink_spans_total{sink=\"ConsoleSpanSink\",outcome=\"failed\"} 0",
                "beyla_sink_queued_spans{sink=\"ConsoleSpanSink\"} 1",
                "beyla_queue_capacity_ratio{subscriber=\"ConsoleSpanSink\"} 0.25",
            ],
            samples[1..^storeSamples]);
        Assert.Equal(storeSamples, samples[^storeSamples..].Count(sample => sample.StartsWith("beyla_metrics_", StringComparison.Ordinal)));
    }
}
