using Beyla.Sinks;

namespace Beyla.Agent;

/// <summary>Where a run of the agent sends what it sees.</summary>
internal sealed record AgentOutputs(IReadOnlyList<ISpanSink> Sinks, IReadOnlyList<ISessionExporter> Exporters);
