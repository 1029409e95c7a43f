using System.Globalization;
using Beyla.Agent.Configuration.Settings;
using Beyla.Exporters.Otlp;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>Which exporters there are, and whether they get along.</summary>
internal static class ExportCompletion
{
    private const string Internal = "internal_metrics";

    internal static void Run(CompletionContext context)
    {
        var settings = context.Settings;
        FeatureCompletion.Run(context);
        settings.Otlp.Traces.Enabled = HasEndpoint(settings, settings.Otlp.Traces, "traces");
        settings.Otlp.Metrics.Enabled = settings.ExportsMetrics && HasEndpoint(settings, settings.Otlp.Metrics, "metrics");
        settings.Otlp.Metrics.ExportTelemetry = settings.InternalMetrics == InternalMetricsExporter.OpenTelemetry;
        settings.Prometheus.InternalPath =
            settings.InternalMetrics == InternalMetricsExporter.Prometheus && settings.ServesPrometheus ? settings.InternalPath : null;
        NameCommonOptions(context);
        CheckGrafana(context);
        CheckInternalMetrics(context);
    }

    /// <summary>Whether there is somewhere to send a signal by OTLP, named for it, for all of them, or by a zone of Grafana Cloud.</summary>
    internal static bool HasEndpoint(AgentSettings settings, OtlpConnectionOptions own, string signal) =>
        own.Endpoint is not null || settings.Otlp.Endpoint is not null || (settings.Grafana.IsAskedFor && settings.Grafana.Submit.Contains(signal));

    // What a variable says of all signals is shown at that one of them which does not say otherwise.
    private static void NameCommonOptions(CompletionContext context)
    {
        foreach (var (property, name, variable) in new[]
        {
            (nameof(OtlpConnectionOptions.Endpoint), "endpoint", "ENDPOINT"),
            (nameof(OtlpConnectionOptions.Headers), "headers", "HEADERS"),
            (nameof(OtlpConnectionOptions.Timeout), "timeout", "TIMEOUT"),
            (nameof(OtlpConnectionOptions.CertificateFile), "certificate", "CERTIFICATE"),
            (nameof(OtlpConnectionOptions.ClientCertificateFile), "client_certificate", "CLIENT_CERTIFICATE"),
            (nameof(OtlpConnectionOptions.ClientKeyFile), "client_key", "CLIENT_KEY"),
        })
        {
            var traces = $"otel_traces_export.{name}";
            var key = context.Origins.Find(traces)?.Name == $"OTEL_EXPORTER_OTLP_{variable}" ? traces : $"otel_metrics_export.{name}";
            context.Words.Add($"Otlp.{property}", key, key);
        }
    }

    private static void CheckInternalMetrics(CompletionContext context)
    {
        var (settings, prometheus) = (context.Settings, context.Settings.Prometheus);
        if (settings.InternalMetrics == InternalMetricsExporter.OpenTelemetry)
        {
            if (!HasEndpoint(settings, settings.Otlp.Metrics, "metrics"))
            {
                context.Error($"{Internal}.exporter", "is otel, but no collector is named: set otel_metrics_export.endpoint or OTEL_EXPORTER_OTLP_ENDPOINT.");
            }

            if (prometheus.InternalPort != 0)
            {
                context.Error($"{Internal}.prometheus.port", $"is {Text(prometheus.InternalPort)} while {context.Origins.Subject($"{Internal}.exporter")} is otel: leave one of them out.");
            }
        }
    }

    private static void CheckGrafana(CompletionContext context)
    {
        var grafana = context.Settings.Grafana;
        if (!grafana.IsAskedFor)
        {
            return;
        }

        var otlp = context.Settings.Otlp;
        var isNeeded = otlp.Endpoint is null
            && grafana.Submit.Any(signal => (signal == "traces" ? otlp.Traces.Endpoint : otlp.Metrics.Endpoint) is null);
        if (isNeeded && (grafana.Zone is null || !grafana.Zone.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '-')))
        {
            context.Error("grafana.otlp.cloud_zone", $"is '{grafana.Zone}': give the zone of the stack, such as prod-eu-west-0, or an endpoint of your own.");
        }

        if (grafana.InstanceId is null || grafana.ApiKey is null)
        {
            context.Error(grafana.InstanceId is null ? "grafana.otlp.cloud_instance_id" : "grafana.otlp.cloud_api_key", "is missing: Grafana Cloud wants both a user and a key.");
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
