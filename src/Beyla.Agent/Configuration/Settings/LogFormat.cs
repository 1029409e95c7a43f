namespace Beyla.Agent.Configuration;

/// <summary>What a line of the log looks like.</summary>
internal enum LogFormat
{
    Text,
    Json,
}
