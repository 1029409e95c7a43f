using System.Collections.Immutable;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Table;

/// <summary>
/// All options of the agent. Names and meanings are Beyla's where Beyla has them. Help, reference, schema, the printed
/// configuration, and every message about an option are made of this table.
/// </summary>
internal static class AgentOptionTable
{
    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        .. SelectionOptions.All,
        .. RoutingOptions.All,
        .. AttributeOptionsTable.All,
        .. TracesOptions.All,
        .. MetricsOptions.All,
        .. GrafanaOptions.All,
        .. PrometheusExportOptions.All,
        .. CaptureOptionsTable.All,
        .. OutputOptions.All,
    ];

    internal static OptionTree<AgentSettings> Tree { get; } = new(All, UnavailableOptions.Keys);
}
