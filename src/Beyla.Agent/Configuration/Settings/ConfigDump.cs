namespace Beyla.Agent.Configuration.Settings;

/// <summary>How the effective configuration is printed at the start.</summary>
internal enum ConfigDump
{
    None,
    Yaml,
    Json,
}
