using Beyla.Exporters.Prometheus;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Prometheus for a session that <c>AddBeyla</c> added.</summary>
public static class PrometheusBeylaBuilderExtensions
{
    /// <summary>Serves the session's metrics to Prometheus.</summary>
    /// <param name="builder">The session.</param>
    /// <param name="configure">At least <see cref="PrometheusOptions.Port"/> is to be set.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    public static IBeylaBuilder AddPrometheusExporter(this IBeylaBuilder builder, Action<PrometheusOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new PrometheusOptions();
        configure(options);
        return builder.AddExporter(services => new PrometheusExporter(options, services.GetService<ILogger<PrometheusHttpServer>>()));
    }
}
