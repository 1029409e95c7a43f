using Beyla.Agent.Configuration.Settings;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Prometheus;
using Beyla.Sinks;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent;

/// <summary>Makes the sinks and exporters that the settings ask for. One that can't be made is logged and left out; the rest goes on.</summary>
internal sealed class AgentExports(AgentSettings settings, ILoggerFactory loggers, ILogger logger)
{
    private readonly List<ISpanSink> _sinks = [];
    private readonly List<ISessionExporter> _exporters = [];

    internal AgentOutputs Make()
    {
        GrafanaCloud.Apply(settings);
        if (Printer() is { } printer)
        {
            _sinks.Add(printer);
        }

        if (settings.Otlp.Traces.Enabled)
        {
            Add(_sinks, "Traces by OTLP", () => new OtlpTraceSink(settings.Otlp, loggers.CreateLogger<OtlpTraceSink>(), timeProvider: null));
        }

        if (settings.Otlp.Metrics.Enabled || settings.Otlp.Metrics.ExportTelemetry)
        {
            Add(_exporters, "Metrics by OTLP", () => new OtlpMetricsExporter(settings.Otlp, loggers.CreateLogger<OtlpMetricsExporter>(), timeProvider: null));
        }

        if (PrometheusPages() is { } pages)
        {
            Add(_exporters, "Metrics for Prometheus", () => new PrometheusExporter(pages, loggers.CreateLogger<PrometheusHttpServer>()));
        }

        return new(_sinks, _exporters);
    }

    private ISpanSink? Printer() => settings.Printer switch
    {
        TracePrinter.Text => new ConsoleSpanSink(),
        TracePrinter.Json => new JsonSpanSink(),
        TracePrinter.JsonIndent => new JsonSpanSink(indented: true),
        TracePrinter.Counter => new CountingSpanSink(),
        _ => null,
    };

    // Without metrics of services the page about the agent itself stays where it is.
    private PrometheusOptions? PrometheusPages()
    {
        if (settings.ExportsMetrics || settings.Prometheus.InternalPath is null)
        {
            return settings.ServesPrometheus && settings.ExportsMetrics ? settings.Prometheus : null;
        }

        var pages = settings.Prometheus.WithPort(0);
        pages.InternalPort = pages.InternalPort == 0 ? settings.Prometheus.Port : pages.InternalPort;
        return pages;
    }

    private void Add<T, TExport>(List<T> exports, string what, Func<TExport> make)
        where TExport : T
    {
        try
        {
            exports.Add(make());
        }
#pragma warning disable CA1031 // whatever keeps an exporter from its work must not keep the capture from its
        catch (Exception exception)
#pragma warning restore CA1031
        {
            AgentLog.CannotExport(logger, what, exception);
        }
    }
}
