using Beyla.Agent.Configuration;
using Beyla.Sinks;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent;

/// <summary>The real session, as opposed to the one that tests give the agent.</summary>
internal static class AgentSession
{
    internal static IInstrumentationSession Create(AgentSettings settings, IReadOnlyList<ISpanSink> sinks, ILoggerFactory loggerFactory)
    {
        var builder = InstrumentationSession.CreateBuilder().UseOptions(settings.Session).UseLoggerFactory(loggerFactory);
        foreach (var sink in sinks)
        {
            builder.AddSink(sink);
        }

        return builder.Build();
    }
}
