using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Discovery;

namespace Beyla.Agent.Configuration.Table;

/// <summary>Which processes are observed, and what they are called.</summary>
internal static class SelectionOptions
{
    private static readonly RecordListKind<SelectorSettings> Globs = new("SELECTORS", SelectorOptions.Globs);

    private static readonly RecordListKind<SelectorSettings> Expressions = new("SELECTORS", SelectorOptions.Expressions);

    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        new Option<AgentSettings, PortSet>
        {
            Key = "open_port",
            Variables = [.. OptionVariable.Of("BEYLA_OPEN_PORT"), new("OPEN_PORT")],
            Flag = "--open-port",
            Kind = Kind.Ports,
            Summary = "Observe processes that listen on one of these ports: 80,443,8000-8999",
            Get = settings => settings.TopLevel.Selector.OpenPorts,
            Set = (settings, value) => settings.TopLevel.Selector.OpenPorts = value,
        },
        new Option<AgentSettings, string?>
        {
            Key = "executable_name",
            Variables = [.. OptionVariable.Of("BEYLA_EXECUTABLE_NAME"), new("EXECUTABLE_NAME")],
            Flag = "--executable-name",
            Kind = Kind.Text("REGEX"),
            Summary = "Observe processes whose executable's path contains a match",
            Get = settings => settings.TopLevel.Selector.ExecutableName,
            Set = (settings, value) => settings.TopLevel.Selector.ExecutableName = value,
        },
        new Option<AgentSettings, string?>
        {
            Key = "auto_target_exe",
            IsOwn = true,
            Variables = [.. OptionVariable.Of("BEYLA_AUTO_TARGET_EXE"), new("OTEL_GO_AUTO_TARGET_EXE")],
            Kind = Kind.Text("GLOB"),
            Summary = "Observe processes whose executable's whole path fits",
            Get = settings => settings.TopLevel.Selector.ExecutableGlob,
            Set = (settings, value) => settings.TopLevel.Selector.ExecutableGlob = value,
        },
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = "auto_target_language",
            IsOwn = true,
            Variables = OptionVariable.Of("BEYLA_AUTO_TARGET_LANGUAGE"),
            Kind = Kind.Texts("GLOB", mayBeSingle: true),
            Summary = "Observe processes in these languages: go, java, dotnet, python, ruby, nodejs, rust, php, cpp",
            Get = settings => [.. settings.TopLevel.Selector.Languages],
            Set = (settings, value) => settings.TopLevel.Selector.Languages.Replace(value),
        },
        new Option<AgentSettings, IReadOnlyList<int>>
        {
            Key = "target_pids",
            Variables = OptionVariable.Of("BEYLA_TARGET_PID"),
            Kind = Kind.ProcessIds,
            Summary = "Observe these processes and nothing else",
            Get = settings => [.. settings.TopLevel.Selector.ProcessIds],
            Set = (settings, value) => settings.TopLevel.Selector.ProcessIds.Replace(value),
        },
        new Option<AgentSettings, string?>
        {
            Key = "service_name",
            Variables = [new("OTEL_SERVICE_NAME"), .. OptionVariable.Of("BEYLA_SERVICE_NAME")],
            Kind = Kind.Text("NAME"),
            Summary = "Service name of what the options above select (default: name of the executable)",
            Get = settings => settings.TopLevel.Selector.ServiceName,
            Set = (settings, value) => settings.TopLevel.Selector.ServiceName = value,
        },
        new Option<AgentSettings, string?>
        {
            Key = "service_namespace",
            Variables = OptionVariable.Of("BEYLA_SERVICE_NAMESPACE"),
            Kind = Kind.Text("NAME"),
            Summary = "Service namespace of what the options above select",
            Get = settings => settings.TopLevel.Selector.ServiceNamespace,
            Set = (settings, value) => settings.TopLevel.Selector.ServiceNamespace = value,
        },
        List("discovery.instrument", Globs, "Selectors of the processes to observe", s => s.Instrument, (s, v) => s.Instrument = v),
        List("discovery.exclude_instrument", Globs, "Selectors of processes not to observe; ports can't be a criterion", s => s.ExcludeInstrument, (s, v) => s.ExcludeInstrument = v),
        Defaults("discovery.default_exclude_instrument", Globs, s => s.DefaultExcludeInstrument, (s, v) => s.DefaultExcludeInstrument = v),
        List("discovery.services", Expressions, "The same as instrument with regular expressions; used where there are no lists of globs", s => s.Services, (s, v) => s.Services = v),
        List("discovery.exclude_services", Expressions, "The same as exclude_instrument with regular expressions", s => s.ExcludeServices, (s, v) => s.ExcludeServices = v),
        Defaults("discovery.default_exclude_services", Expressions, s => s.DefaultExcludeServices, (s, v) => s.DefaultExcludeServices = v),
        new Option<AgentSettings, TimeSpan>
        {
            Key = "discovery.poll_interval",
            Variables = OptionVariable.Of("BEYLA_DISCOVERY_POLL_INTERVAL"),
            Kind = Kind.Duration,
            Summary = "How often /proc is compared with what the kernel reported; new processes don't wait for it",
            Member = "Discovery.ReconcileInterval",
            Get = settings => settings.Session.Discovery.ReconcileInterval,
            // Beyla has 0 for its own default.
            Set = (settings, value) => settings.Session.Discovery.ReconcileInterval = value == TimeSpan.Zero ? new DiscoveryOptions().ReconcileInterval : value,
        },
        new Option<AgentSettings, int>
        {
            Key = "discovery.max_processes",
            IsOwn = true,
            Variables = OptionVariable.Of("BEYLA_DISCOVERY_MAX_PROCESSES"),
            Kind = Kind.Integer(1, 1_000_000),
            Summary = "Most processes observed at one time",
            Member = "Discovery.MaxProcesses",
            Get = settings => settings.Session.Discovery.MaxProcesses,
            Set = (settings, value) => settings.Session.Discovery.MaxProcesses = value,
        },
    ];

    private static Option<AgentSettings, IReadOnlyList<SelectorSettings>> List(
        string key,
        RecordListKind<SelectorSettings> kind,
        string summary,
        Func<SelectionSettings, IReadOnlyList<SelectorSettings>> get,
        Action<SelectionSettings, IReadOnlyList<SelectorSettings>> set) => new()
        {
            Key = key,
            Kind = kind,
            Summary = summary,
            Get = settings => get(settings.Selection),
            Set = (settings, value) => set(settings.Selection, value),
        };

    private static Option<AgentSettings, IReadOnlyList<SelectorSettings>?> Defaults(
        string key,
        RecordListKind<SelectorSettings> kind,
        Func<SelectionSettings, IReadOnlyList<SelectorSettings>?> get,
        Action<SelectionSettings, IReadOnlyList<SelectorSettings>?> set) => new()
        {
            Key = key,
            Kind = new OrNothingKind<IReadOnlyList<SelectorSettings>>(kind),
            Summary = "Instead of the telemetry agents that are left out by default; [] allows to observe this agent too",
            Get = settings => get(settings.Selection),
            Set = (settings, value) => set(settings.Selection, value),
        };
}
