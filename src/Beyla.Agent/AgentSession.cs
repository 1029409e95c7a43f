using Beyla.Agent.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent;

/// <summary>The real session, as opposed to the one that tests give the agent.</summary>
internal static class AgentSession
{
    internal static IInstrumentationSession Create(AgentSettings settings, AgentOutputs outputs, ILoggerFactory loggerFactory)
    {
        var builder = InstrumentationSession.CreateBuilder().UseOptions(settings.Session).UseLoggerFactory(loggerFactory);
        foreach (var sink in outputs.Sinks)
        {
            builder.AddSink(sink);
        }

        foreach (var exporter in outputs.Exporters)
        {
            builder.AddExporter(exporter);
        }

        return builder.Build();
    }
}
