using System.Collections.Immutable;

namespace Beyla.Agent.Configuration;

/// <summary>
/// Families of metrics and attributes that Beyla 3.33 has and this agent has in part or not at all, so that a configuration
/// with a name of which nothing is known here is not taken for misspelt.
/// </summary>
internal static class BeylaNames
{
    // With dots for underscores, which are the same in a configuration.
    private static readonly ImmutableArray<string> Metrics =
    [
        "rpc.", "db.", "sql.client.", "messaging.", "dns.", "gen.ai.", "gpu.", "traces.", "target.info", "survey.info", "process.",
        "beyla.network.", "beyla.stat.", "go.", "jvm.", "nodejs.",
    ];

    private static readonly ImmutableArray<string> Attributes =
    [
        "k8s.", "container.", "cloud.", "src.", "dst.", "db.", "rpc.", "messaging.", "dns.", "gen.ai.", "graphql.", "aws.", "cuda.",
        "elasticsearch.", "mcp.", "jsonrpc.", "onc.rpc.", "network.tcp.", "network.io.", "beyla.", "transport", "iface", "direction", "client.port",
        "service.peer.", "span.metrics.", "status.code", "cpu.mode", "disk.io.", "reason", "peer.service", "deployment.environment",
    ];

    internal static bool IsMetric(string name) => IsOneOf(Metrics, name);

    internal static bool IsAttribute(string name) => IsOneOf(Attributes, name);

    private static bool IsOneOf(ImmutableArray<string> beginnings, string name)
    {
        var dotted = name.Replace('_', '.');
        return beginnings.Any(beginning => dotted.StartsWith(beginning, StringComparison.Ordinal));
    }
}
