namespace Beyla.Agent.Configuration.Settings;

/// <summary>How spans are printed on the standard output.</summary>
internal enum TracePrinter
{
    Disabled,
    Text,
    Json,
    JsonIndent,
    Counter,
}
