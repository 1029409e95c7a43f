using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>How the host is called, wherever it is named.</summary>
internal static class HostCompletion
{
    internal static void Run(AgentSettings settings)
    {
        settings.Session.Discovery.HostName = settings.Prometheus.HostName = settings.Otlp.HostName = settings.HostName;
        settings.Prometheus.HostId = settings.Otlp.HostId = settings.HostId;
    }
}
