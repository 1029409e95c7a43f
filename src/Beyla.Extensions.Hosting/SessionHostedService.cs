using Microsoft.Extensions.Hosting;

namespace Beyla.Extensions.Hosting;

/// <summary>Ties the life of every registered session to that of the host. The sessions themselves belong to the container, which disposes them.</summary>
internal sealed class SessionHostedService(IServiceProvider services, IEnumerable<SessionRegistration> registrations) : IHostedService
{
    private readonly List<IInstrumentationSession> _started = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registrations)
        {
            var session = registration.Resolve(services);
            await session.StartAsync(cancellationToken).ConfigureAwait(false);
            _started.Add(session);
        }
    }

    // All at once: they share the host's shutdown time.
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_started.Select(session => session.StopAsync(cancellationToken)));
}
