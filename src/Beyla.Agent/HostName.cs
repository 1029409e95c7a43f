using System.Net;
using System.Net.Sockets;
using Beyla.Agent.Configuration.Completion;
using Beyla.Agent.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent;

/// <summary>Asks the resolver for the whole name of this host.</summary>
internal static class HostName
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Puts the name into the settings, if they ask for it and don't give one. Without an answer the kernel's name stays.</summary>
    internal static async Task ResolveAsync(AgentSettings settings, ILogger logger, CancellationToken stop)
    {
        if (!settings.ResolvesHostName || settings.HostName is not null)
        {
            return;
        }

        try
        {
            var host = await Dns.GetHostEntryAsync(Environment.MachineName, stop).WaitAsync(Patience, stop);
            settings.HostName = host.HostName;
            HostCompletion.Run(settings);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The start that follows notices, too.
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            AgentLog.HostNotResolved(logger, Environment.MachineName, exception);
        }
    }
}
