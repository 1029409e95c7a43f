using Beyla;
using Beyla.Extensions.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds instrumentation sessions to a host.</summary>
public static class BeylaServiceCollectionExtensions
{
    /// <summary>
    /// Adds a session that starts and stops with the host, and <see cref="IInstrumentationSession"/> to reach it by. A host
    /// whose session can't start does not start. May be called again to configure further; an
    /// <see cref="IInstrumentationSession"/> that is registered already is used instead of a new one.
    /// </summary>
    public static IBeylaBuilder AddBeyla(this IServiceCollection services) => services.AddBeyla(static _ => { });

    /// <inheritdoc cref="AddBeyla(IServiceCollection)"/>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Sets the options. All errors in them are reported at once when the host starts.</param>
    public static IBeylaBuilder AddBeyla(this IServiceCollection services, Action<BeylaOptions> configure)
    {
        AddSession(services, Options.Options.DefaultName, configure);
        services.TryAddSingleton(static provider => SessionFactory.Create(provider, Options.Options.DefaultName));
        return new BeylaBuilder(services, Options.Options.DefaultName);
    }

    /// <summary>Adds a further session, with options and sinks of its own, under the service key <paramref name="name"/>.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="name">Service key of the session and name of its options; not empty.</param>
    /// <param name="configure">Sets the options. All errors in them are reported at once when the host starts.</param>
    public static IBeylaBuilder AddBeyla(this IServiceCollection services, string name, Action<BeylaOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddSession(services, name, configure);
        services.TryAddKeyedSingleton(name, static (provider, key) => SessionFactory.Create(provider, (string)key!));
        return new BeylaBuilder(services, name);
    }

    private static void AddSession(IServiceCollection services, string name, Action<BeylaOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<BeylaOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BeylaOptions>, BeylaOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SessionHostedService>());
        if (!services.Any(service => service.ImplementationInstance is SessionRegistration known && known.Name == name))
        {
            services.AddSingleton(new SessionRegistration(name));
        }
    }
}
