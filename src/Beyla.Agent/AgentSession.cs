using Beyla.Agent.Configuration;
using Beyla.Sinks;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent;

/// <summary>Builds the session that the settings ask for.</summary>
internal static class AgentSession
{
    internal static IInstrumentationSession Create(AgentSettings settings, ILoggerFactory loggerFactory)
    {
        var builder = InstrumentationSession.CreateBuilder().UseOptions(settings.Session).UseLoggerFactory(loggerFactory);
        if (settings.PrintsSpans)
        {
            builder.AddSink(new ConsoleSpanSink());
        }

        return builder.Build();
    }
}
