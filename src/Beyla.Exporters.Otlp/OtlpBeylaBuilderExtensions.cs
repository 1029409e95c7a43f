using Beyla.Exporters.Otlp;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>OTLP for a session that <c>AddBeyla</c> added.</summary>
public static class OtlpBeylaBuilderExtensions
{
    /// <summary>
    /// Sends the session's spans and metrics to a collector, as the <c>OTEL_EXPORTER_OTLP_*</c> variables of this process and
    /// <paramref name="configure"/> say (<see cref="OtlpEnvironment"/>).
    /// </summary>
    /// <param name="builder">The session.</param>
    /// <param name="configure">Changes what the environment says.</param>
    /// <exception cref="ArgumentException">Options or variables are invalid; the message lists all errors.</exception>
    public static IBeylaBuilder AddOtlpExporter(this IBeylaBuilder builder, Action<OtlpExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = OtlpHostOptions.Build(configure);
        if (options.Traces.Enabled)
        {
            builder.AddSink(services => new OtlpTraceSink(options, services.GetService<ILogger<OtlpTraceSink>>(), services.GetService<TimeProvider>()));
        }

        if (options.Metrics.Enabled || options.Metrics.ExportTelemetry)
        {
            builder.AddExporter(services => new OtlpMetricsExporter(options, services.GetService<ILogger<OtlpMetricsExporter>>(), services.GetService<TimeProvider>()));
        }

        return builder;
    }
}
