using Beyla.Exporters.Otlp;

namespace Beyla;

/// <summary>OTLP for a session that is built by hand.</summary>
public static class OtlpSessionBuilderExtensions
{
    /// <summary>
    /// Sends the session's spans and metrics to a collector, as the <c>OTEL_EXPORTER_OTLP_*</c> variables of this process and
    /// <paramref name="configure"/> say (<see cref="OtlpEnvironment"/>).
    /// </summary>
    /// <param name="builder">The session's builder.</param>
    /// <param name="configure">Changes what the environment says.</param>
    /// <exception cref="ArgumentException">Options or variables are invalid; the message lists all errors.</exception>
    /// <exception cref="InvalidDataException">A certificate file is not what it should be.</exception>
    public static InstrumentationSessionBuilder AddOtlpExporter(this InstrumentationSessionBuilder builder, Action<OtlpExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = OtlpHostOptions.Build(configure);
        if (options.Traces.Enabled)
        {
            builder.AddSink(new OtlpTraceSink(options));
        }

        if (options.Metrics.Enabled || options.Metrics.ExportTelemetry)
        {
            builder.AddExporter(new OtlpMetricsExporter(options));
        }

        return builder;
    }
}
