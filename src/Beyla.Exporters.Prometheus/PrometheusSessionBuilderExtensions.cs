using Beyla.Exporters.Prometheus;

namespace Beyla;

/// <summary>Prometheus for a session that is built by hand.</summary>
public static class PrometheusSessionBuilderExtensions
{
    /// <summary>Serves the session's metrics to Prometheus.</summary>
    /// <param name="builder">The session's builder.</param>
    /// <param name="configure">At least <see cref="PrometheusOptions.Port"/> is to be set.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    public static InstrumentationSessionBuilder AddPrometheusExporter(this InstrumentationSessionBuilder builder, Action<PrometheusOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new PrometheusOptions();
        configure(options);
        return builder.AddExporter(new PrometheusExporter(options));
    }
}
