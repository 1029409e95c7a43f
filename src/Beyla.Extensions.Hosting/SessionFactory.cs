using Beyla.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beyla.Extensions.Hosting;

/// <summary>Builds a session of what the container holds for it.</summary>
internal static class SessionFactory
{
    internal static IInstrumentationSession Create(IServiceProvider services, string name)
    {
        var builder = InstrumentationSession.CreateBuilder()
            .UseName(name)
            .UseOptions(services.GetRequiredService<IOptionsMonitor<BeylaOptions>>().Get(name));
        if (services.GetService<ILoggerFactory>() is { } loggerFactory)
        {
            builder.UseLoggerFactory(loggerFactory);
        }

        if (services.GetService<TimeProvider>() is { } timeProvider)
        {
            builder.UseTimeProvider(timeProvider);
        }

        foreach (var sink in name.Length == 0 ? services.GetServices<ISpanSink>() : services.GetKeyedServices<ISpanSink>(name))
        {
            builder.AddSink(sink);
        }

        foreach (var exporter in name.Length == 0 ? services.GetServices<ISessionExporter>() : services.GetKeyedServices<ISessionExporter>(name))
        {
            builder.AddExporter(exporter);
        }

        return builder.Build();
    }
}
