using Beyla.Exporters.Otlp;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>OTLP for a session that <c>AddBeyla</c> added.</summary>
public static class OtlpBeylaBuilderExtensions
{
    /// <summary>Sends the session's spans and metrics to a collector.</summary>
    /// <param name="builder">The session.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    public static IBeylaBuilder AddOtlpExporter(this IBeylaBuilder builder, Action<OtlpExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new OtlpExporterOptions();
        configure?.Invoke(options);
        OtlpOptionsCheck.ThrowIfInvalid(options);
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
