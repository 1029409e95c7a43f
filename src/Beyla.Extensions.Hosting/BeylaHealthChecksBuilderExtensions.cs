using Beyla.Extensions.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health of instrumentation sessions.</summary>
public static class BeylaHealthChecksBuilderExtensions
{
    private const string CheckName = "beyla";

    /// <summary>
    /// Adds the check <c>beyla</c> for the default session. Healthy: it runs, sees what it was asked to see, and lost nothing
    /// since the last check, neither in the capture nor on the way out to sinks and collectors. Degraded: it runs, and the description
    /// lists what it can't see or lost. Unhealthy: it does not run.
    /// </summary>
    public static IHealthChecksBuilder AddBeyla(this IHealthChecksBuilder builder) =>
        Add(builder, CheckName, Options.Options.DefaultName);

    /// <summary>Adds the check <c>beyla-NAME</c> for the session that was added as <paramref name="sessionName"/>; see <see cref="AddBeyla(IHealthChecksBuilder)"/>.</summary>
    public static IHealthChecksBuilder AddBeyla(this IHealthChecksBuilder builder, string sessionName)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionName);
        return Add(builder, $"{CheckName}-{sessionName}", sessionName);
    }

    private static IHealthChecksBuilder Add(IHealthChecksBuilder builder, string checkName, string sessionName)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // A singleton, because the check remembers the losses that the run before it reported.
        builder.Services.TryAddKeyedSingleton(
            sessionName,
            static (services, key) => new SessionHealthCheck(new SessionRegistration((string)key!).Resolve(services)));
        return builder.Add(new HealthCheckRegistration(
            checkName,
            services => services.GetRequiredKeyedService<SessionHealthCheck>(sessionName),
            failureStatus: null,
            tags: null));
    }
}
