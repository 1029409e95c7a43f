using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>Makes the options of the library of what the user said, and checks all of them.</summary>
internal static class SettingsCompletion
{
    internal static void Run(AgentSettings settings, Origins origins, Findings findings)
    {
        var context = new CompletionContext(settings, origins, findings, new(origins));
        SelectionCompletion.Run(context);
        SamplerCompletion.Run(context);
        AttributeCompletion.Run(context);
        StoreCompletion.Run(context);
        HostCompletion.Run(settings);
        ExportCompletion.Run(context);
        var found = new List<string>(settings.Session.Validate());
        settings.Prometheus.Validate(nameof(settings.Prometheus), found);
        found.AddRange(settings.Otlp.Validate(nameof(settings.Otlp)));
        foreach (var sentence in found)
        {
            findings.Error(context.Words.Translate(sentence));
        }
    }

    /// <summary>What keeps right settings from being a task, one sentence each.</summary>
    internal static IEnumerable<string> Missing(AgentSettings settings)
    {
        if (!settings.SelectsSomething)
        {
            yield return "Nothing is selected: name a port with open_port, BEYLA_OPEN_PORT or --open-port, an executable with executable_name, or selectors in discovery.instrument.";
        }

        if (settings.Printer == TracePrinter.Disabled && !settings.ServesPrometheus && !settings.Otlp.Traces.Enabled && !settings.Otlp.Metrics.Enabled)
        {
            yield return "There is nowhere to send what is seen: set trace_printer or BEYLA_TRACE_PRINTER=text, prometheus_export.port or BEYLA_PROMETHEUS_PORT, or OTEL_EXPORTER_OTLP_ENDPOINT.";
        }
    }
}
