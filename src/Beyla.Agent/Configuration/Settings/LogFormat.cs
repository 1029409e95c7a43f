namespace Beyla.Agent.Configuration.Settings;

/// <summary>What a line of the log looks like.</summary>
internal enum LogFormat
{
    Text,
    Json,
}
