using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Discovery;

namespace Beyla.Agent.Configuration.Table;

/// <summary>The fields of an item of <c>discovery.instrument</c> and the other lists of selectors.</summary>
internal static class SelectorOptions
{
    private static readonly ImmutableArray<string> WithoutCriterion = ["metrics"];

    // Criteria of Beyla that can't be judged here.
    private static readonly ImmutableArray<string> Criteria =
    [
        "containers_only", "container_name", "k8s_namespace", "k8s_pod_name", "k8s_deployment_name", "k8s_replicaset_name", "k8s_daemonset_name",
        "k8s_statefulset_name", "k8s_job_name", "k8s_cronjob_name", "k8s_owner_name", "k8s_container_name", "k8s_pod_labels", "k8s_pod_annotations",
    ];

    /// <summary>Lists of globs.</summary>
    internal static OptionTree<SelectorSettings> Globs { get; } = new(
        [
            Text("exe_path", "GLOB", "Glob that the whole path of the executable must fit", nameof(ProcessSelector.ExecutableGlob), s => s.ExecutableGlob, (s, v) => s.ExecutableGlob = v),
            .. Common(),
            Text("cmd_args", "GLOB", "Glob that the arguments must fit: the command line without its first word", nameof(ProcessSelector.CommandLineGlob), s => s.CommandLineGlob, (s, v) => s.CommandLineGlob = v),
        ],
        [.. Criteria, .. WithoutCriterion],
        Leave);

    /// <summary>The older lists, in which a path is a regular expression. There <c>cmd_args</c> is one too, which is not available.</summary>
    internal static OptionTree<SelectorSettings> Expressions { get; } = new(
        [
            Text("exe_path", "REGEX", "Regular expression that is searched for in the path of the executable", nameof(ProcessSelector.ExecutableName), s => s.ExecutableName, (s, v) => s.ExecutableName = v),
            .. Common(),
        ],
        ["cmd_args", .. Criteria, .. WithoutCriterion],
        Leave);

    private static OptionOf<SelectorSettings>[] Common() =>
    [
        Text("exe_path_regexp", "REGEX", "Regular expression that is searched for in the path of the executable", nameof(ProcessSelector.ExecutableName), s => s.ExecutableName, (s, v) => s.ExecutableName = v),
        new Option<SelectorSettings, PortSet>
        {
            Key = "open_ports",
            Kind = Kind.Ports,
            Summary = "TCP ports, on one of which the process must listen: 80,443,8000-8999",
            Member = nameof(ProcessSelector.OpenPorts),
            Get = settings => settings.Selector.OpenPorts,
            Set = (settings, value) => settings.Selector.OpenPorts = value,
        },
        new Option<SelectorSettings, IReadOnlyList<string>?>
        {
            Key = "languages",
            Kind = new OrNothingKind<IReadOnlyList<string>>(Kind.Texts("GLOB", mayBeSingle: true)),
            Summary = "Globs on go, java, dotnet, python, ruby, nodejs, rust, php, cpp, generic, one of which must fit",
            Member = nameof(ProcessSelector.Languages),
            Get = settings => NothingIfEmpty(settings.Selector.Languages),
            Set = (settings, value) => settings.Selector.Languages.Replace(value),
        },
        new Option<SelectorSettings, IReadOnlyList<int>?>
        {
            Key = "target_pids",
            Kind = new OrNothingKind<IReadOnlyList<int>>(Kind.ProcessIds),
            Summary = "Ids of the processes",
            Member = nameof(ProcessSelector.ProcessIds),
            Get = settings => NothingIfEmpty(settings.Selector.ProcessIds),
            Set = (settings, value) => settings.Selector.ProcessIds.Replace(value),
        },
        Text("name", "NAME", "Service name of these processes", nameof(ProcessSelector.ServiceName), s => s.ServiceName, (s, v) => s.ServiceName = v),
        Text("namespace", "NAME", "Service namespace of these processes", nameof(ProcessSelector.ServiceNamespace), s => s.ServiceNamespace, (s, v) => s.ServiceNamespace = v),
        new Option<SelectorSettings, SignalExports?>
        {
            Key = "exports",
            Kind = ExportsKind.Instance,
            Summary = "What leaves the agent of these processes: metrics, traces, both, or [] for nothing",
            Member = nameof(ProcessSelector.Exports),
            Get = settings => settings.Selector.Exports,
            Set = (settings, value) => settings.Selector.Exports = value,
        },
        new Option<SelectorSettings, string?>
        {
            Key = "sampler.name",
            Kind = Kind.Text("SAMPLER"),
            Summary = "Sampler of these processes, by the names of otel_traces_export.sampler.name",
            Member = nameof(ProcessSelector.Sampler),
            Get = settings => settings.Sampler.Name,
            Set = (settings, value) => settings.Sampler.Name = value,
        },
        new Option<SelectorSettings, string?>
        {
            Key = "sampler.arg",
            Kind = Kind.Text("RATIO"),
            Summary = "Its argument: the ratio of the samplers that take one",
            Get = settings => settings.Sampler.Argument,
            Set = (settings, value) => settings.Sampler.Argument = value,
        },
        Routes("routes.incoming", "Routes of what these processes answer, beside routes.patterns", s => s.IncomingRoutes, (s, v) => s.IncomingRoutes = v),
        Routes("routes.outgoing", "Routes of what these processes ask for; like the others they apply to both directions", s => s.OutgoingRoutes, (s, v) => s.OutgoingRoutes = v),
    ];

    private static Option<SelectorSettings, string?> Text(
        string key, string word, string summary, string member, Func<ProcessSelector, string?> get, Action<ProcessSelector, string?> set) => new()
        {
            Key = key,
            Kind = Kind.Text(word),
            Summary = summary,
            Member = member,
            Get = settings => get(settings.Selector),
            Set = (settings, value) => set(settings.Selector, value),
        };

    private static Option<SelectorSettings, IReadOnlyList<string>?> Routes(
        string key, string summary, Func<SelectorSettings, IReadOnlyList<string>?> get, Action<SelectorSettings, IReadOnlyList<string>?> set) => new()
        {
            Key = key,
            Kind = new OrNothingKind<IReadOnlyList<string>>(Kind.Texts("PATTERN")),
            Summary = summary,
            Get = get,
            Set = set,
        };

    private static string Leave(SelectorSettings settings, string key)
    {
        if (WithoutCriterion.Contains(key))
        {
            return "it has no effect";
        }

        settings.IsLeftOut = true;
        return "without it the item would stand for more processes than were meant, so the item is left out";
    }

    private static IReadOnlyList<T>? NothingIfEmpty<T>(IList<T> list) => list.Count == 0 ? null : [.. list];
}
