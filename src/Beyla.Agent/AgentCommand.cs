namespace Beyla.Agent;

/// <summary>What the agent is asked to do.</summary>
internal enum AgentCommand
{
    /// <summary>Observe.</summary>
    Run,

    Help,

    Version,

    /// <summary>Print the effective configuration.</summary>
    Config,

    /// <summary>Print the schema of the configuration file.</summary>
    ConfigSchema,
}
