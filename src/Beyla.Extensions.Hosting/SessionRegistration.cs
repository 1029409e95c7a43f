using Microsoft.Extensions.DependencyInjection;

namespace Beyla.Extensions.Hosting;

/// <summary>A session that the host starts and stops.</summary>
/// <param name="Name">Its service key; empty for the default session.</param>
internal sealed record SessionRegistration(string Name)
{
    internal IInstrumentationSession Resolve(IServiceProvider services) => Name.Length == 0
        ? services.GetRequiredService<IInstrumentationSession>()
        : services.GetRequiredKeyedService<IInstrumentationSession>(Name);
}
