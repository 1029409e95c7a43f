using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Configuration.Table;

/// <summary>What the agent prints, and when it ends.</summary>
internal static class OutputOptions
{
    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        new Option<AgentSettings, TracePrinter?>
        {
            Key = "trace_printer",
            Variables = OptionVariable.Of("BEYLA_TRACE_PRINTER"),
            Kind = new OptionalKind<TracePrinter>(new ChoiceKind<TracePrinter>(
                "KIND",
                ("disabled", TracePrinter.Disabled),
                ("text", TracePrinter.Text),
                ("json", TracePrinter.Json),
                ("json_indent", TracePrinter.JsonIndent),
                ("counter", TracePrinter.Counter))),
            Summary = "Print spans on the standard output: text, json, json_indent, counter or disabled",
            Get = settings => settings.TracePrinter,
            Set = (settings, value) => settings.TracePrinter = value,
        },
        new Option<AgentSettings, bool>
        {
            Key = "print_traces",
            IsOwn = true,
            Variables = [.. OptionVariable.Of("BEYLA_PRINT_TRACES"), new("PRINT_TRACES")],
            Kind = Kind.Bool,
            Summary = "The older switch for trace_printer: text, which wins over it",
            Get = settings => settings.PrintTraces,
            Set = (settings, value) => settings.PrintTraces = value,
        },
        new Option<AgentSettings, LogLevel>
        {
            Key = "log_level",
            Variables = OptionVariable.Of("BEYLA_LOG_LEVEL"),
            Kind = new ChoiceKind<LogLevel>(
                "LEVEL", ("DEBUG", LogLevel.Debug), ("INFO", LogLevel.Information), ("WARN", LogLevel.Warning), ("ERROR", LogLevel.Error)),
            Summary = "DEBUG, INFO, WARN or ERROR; the log goes to the error output",
            Get = settings => settings.LogLevel,
            Set = (settings, value) => settings.LogLevel = value,
        },
        new Option<AgentSettings, LogFormat>
        {
            Key = "log_format",
            Variables = OptionVariable.Of("BEYLA_LOG_FORMAT"),
            Kind = new ChoiceKind<LogFormat>("FORMAT", ("text", LogFormat.Text), ("json", LogFormat.Json)),
            Summary = "What a line of the log looks like: text or json",
            Get = settings => settings.LogFormat,
            Set = (settings, value) => settings.LogFormat = value,
        },
        new Option<AgentSettings, ConfigDump>
        {
            Key = "log_config",
            Variables = OptionVariable.Of("BEYLA_LOG_CONFIG"),
            Kind = new ChoiceKind<ConfigDump>("FORMAT", ("none", ConfigDump.None), ("yaml", ConfigDump.Yaml), ("json", ConfigDump.Json)),
            Summary = "Print the effective configuration to the error output at the start: yaml or json",
            Get = settings => settings.ConfigDump,
            Set = (settings, value) => settings.ConfigDump = value,
        },
        new Option<AgentSettings, TimeSpan>
        {
            Key = "shutdown_timeout",
            Variables = OptionVariable.Of("BEYLA_SHUTDOWN_TIMEOUT"),
            Kind = Kind.Duration,
            Summary = "How long to wait for the last spans to go out",
            Member = "ShutdownTimeout",
            Get = settings => settings.Session.ShutdownTimeout,
            Set = (settings, value) => settings.Session.ShutdownTimeout = value,
        },
        new Option<AgentSettings, TimeSpan?>
        {
            Flag = "--duration",
            Kind = new OptionalKind<TimeSpan>(Kind.Seconds),
            Summary = "End by itself after this time: seconds, or a duration such as 1m30s",
            Get = settings => settings.Duration,
            Set = (settings, value) => settings.Duration = value,
        },
    ];
}
