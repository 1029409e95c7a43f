using Beyla.Telemetry;

namespace Beyla.Exporters.Prometheus;

/// <summary>OpenTelemetry names in Prometheus spelling (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/).</summary>
internal static class PrometheusNames
{
    internal static string Metric(string name, string unit)
    {
        var metric = Label(name);
        return unit switch
        {
            "s" => metric + "_seconds",
            "By" => metric + "_bytes",
            _ => metric,
        };
    }

    internal static string Metric(TelemetryInstrument instrument)
    {
        var metric = Metric(instrument.Name, instrument.Unit);
        return instrument.Kind switch
        {
            TelemetryInstrumentKind.Counter => metric + "_total",
            TelemetryInstrumentKind.Gauge when instrument.Unit == "1" => metric + "_ratio",
            _ => metric,
        };
    }

    /// <summary>Every character that Prometheus does not take becomes <c>_</c>; a name may not start with a digit.</summary>
    internal static string Label(string name)
    {
        var label = string.Create(name.Length, name, static (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
            }
        });
        return label.Length == 0 || char.IsAsciiDigit(label[0]) ? "key_" + label : label;
    }
}
