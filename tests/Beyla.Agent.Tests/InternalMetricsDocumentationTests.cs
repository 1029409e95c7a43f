using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Beyla.Capture;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Prometheus;
using Beyla.Pipeline;
using Beyla.Protocols;
using Beyla.Protocols.Tls;
using Beyla.Telemetry;

namespace Beyla.Agent.Tests;

/// <summary>docs/internal-metrics.md is the contract of names: it lists what there is, and nothing else.</summary>
public sealed partial class InternalMetricsDocumentationTests
{
    [Fact]
    public void Every_metric_is_a_row_with_its_name_kind_labels_and_meaning()
    {
        var rows = Document().Where(static line => MetricRow().IsMatch(line));

        Assert.Equal(Instruments().Select(Row).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reason_is_a_row_with_its_metric()
    {
        IEnumerable<(string Metric, SessionDrop Drop)> reasons =
        [
            .. SessionDrops.OfPipeline(new PipelineCounters()).Select(static drop => ("beyla_exchanges_dropped_total", drop)),
            .. SessionDrops.Losses([], 0, new RecordCounters(), new ProtocolCounters(), new TlsCounters(), 0).Select(static drop => ("beyla_losses_total", drop)),
            .. SessionDrops.Unfollowed([], new PipelineCounters(), new ProtocolCounters(), new TlsCounters()).Select(static drop => ("beyla_unfollowed_total", drop)),
        ];
        var expected = reasons.Select(static reason => $"| `{reason.Metric}` | `{reason.Drop.Reason}` |");
        var rows = Document().Select(static line => ReasonRow().Match(line)).Where(static match => match.Success).Select(static match => match.Value);

        Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_two_instruments_share_a_name()
    {
        var names = Instruments().Select(PrometheusNames.Metric).ToArray();

        Assert.Equal(names.Distinct(), names);
    }

    private static IEnumerable<TelemetryInstrument> Instruments() =>
    [
        .. Of(typeof(SessionInstruments), null),
        .. Of(typeof(OtlpInstruments), OtlpInstruments.Traces),
        .. Of(typeof(OtlpInstruments), OtlpInstruments.Metrics),
        .. Of(typeof(PrometheusInstruments), null),
    ];

    private static IEnumerable<TelemetryInstrument> Of(Type holder, object? instance)
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        return instance is null
            ? holder.GetFields(All).Select(static field => field.GetValue(null)).OfType<TelemetryInstrument>()
            : holder.GetProperties(All).Select(property => property.GetValue(instance)).OfType<TelemetryInstrument>();
    }

    private static string Row(TelemetryInstrument instrument)
    {
        var kind = instrument.Kind == TelemetryInstrumentKind.Counter ? "counter" : "gauge";
        var labels = string.Join(", ", instrument.Attributes.Select(static attribute => $"`{attribute}`"));
        return $"| `{PrometheusNames.Metric(instrument)}` | {kind} | {(labels.Length == 0 ? "" : labels + " ")}| {instrument.Description} | `{instrument.Name}`, {instrument.Unit} |";
    }

    private static string[] Document([CallerFilePath] string caller = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "docs", "internal-metrics.md"));

    [GeneratedRegex(@"^\| `\w+` \| (counter|gauge) \|")]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"^\| `\w+` \| `\w+` \|")]
    private static partial Regex ReasonRow();
}
