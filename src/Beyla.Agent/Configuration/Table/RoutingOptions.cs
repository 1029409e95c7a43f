using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Routing;

namespace Beyla.Agent.Configuration.Table;

/// <summary>How paths become routes. Beyla has these in YAML alone; the variables are this agent's.</summary>
internal static class RoutingOptions
{
    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = "routes.patterns",
            Variables = OptionVariable.Of("BEYLA_ROUTES_PATTERNS"),
            Kind = Kind.Texts("PATTERN"),
            Summary = "Routes such as /user/{id},/static/*",
            Member = "Routes.Patterns",
            Get = settings => [.. settings.Session.Routes.Patterns],
            Set = (settings, value) => settings.Session.Routes.Patterns.Replace(value),
        },
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = "routes.ignored_patterns",
            Variables = OptionVariable.Of("BEYLA_ROUTES_IGNORED_PATTERNS"),
            Kind = Kind.Texts("PATTERN"),
            Summary = "Routes to leave out, such as /healthz",
            Member = "Routes.IgnoredPatterns",
            Get = settings => [.. settings.Session.Routes.IgnoredPatterns],
            Set = (settings, value) => settings.Session.Routes.IgnoredPatterns.Replace(value),
        },
        new Option<AgentSettings, RouteIgnoreMode>
        {
            Key = "routes.ignore_mode",
            Variables = OptionVariable.Of("BEYLA_ROUTES_IGNORE_MODE"),
            Kind = new ChoiceKind<RouteIgnoreMode>("MODE", ("all", RouteIgnoreMode.All), ("metrics", RouteIgnoreMode.Metrics), ("traces", RouteIgnoreMode.Traces)),
            Summary = "What ignored routes are left out of: all, metrics or traces",
            Member = "Routes.IgnoreMode",
            Get = settings => settings.Session.Routes.IgnoreMode,
            Set = (settings, value) => settings.Session.Routes.IgnoreMode = value,
        },
        new Option<AgentSettings, UnmatchedRoute>
        {
            Key = "routes.unmatched",
            Variables = OptionVariable.Of("BEYLA_ROUTES_UNMATCHED"),
            Kind = new ChoiceKind<UnmatchedRoute>(
                "MODE",
                ("unset", UnmatchedRoute.Unset),
                ("path", UnmatchedRoute.Path),
                ("wildcard", UnmatchedRoute.Wildcard),
                ("heuristic", UnmatchedRoute.Heuristic),
                ("low-cardinality", UnmatchedRoute.LowCardinality)),
            Summary = "Route of other paths: unset, path, wildcard, heuristic, low-cardinality",
            Member = "Routes.Unmatched",
            Get = settings => settings.Session.Routes.Unmatched,
            Set = (settings, value) => settings.Session.Routes.Unmatched = value,
        },
        new Option<AgentSettings, char>
        {
            Key = "routes.wildcard_char",
            Variables = OptionVariable.Of("BEYLA_ROUTES_WILDCARD_CHAR"),
            Kind = Kind.Sign,
            Summary = "Stands for a folder that is a value",
            Member = "Routes.WildcardChar",
            Get = settings => settings.Session.Routes.WildcardChar,
            Set = (settings, value) => settings.Session.Routes.WildcardChar = value,
        },
        new Option<AgentSettings, int>
        {
            Key = "routes.max_path_segment_cardinality",
            Variables = OptionVariable.Of("BEYLA_ROUTES_MAX_PATH_SEGMENT_CARDINALITY"),
            Kind = Kind.Integer(0, int.MaxValue),
            Summary = "Names that a folder may take before it becomes a wildcard; 0: no limit",
            Member = "Routes.MaxPathSegmentCardinality",
            Get = settings => settings.Session.Routes.MaxPathSegmentCardinality,
            Set = (settings, value) => settings.Session.Routes.MaxPathSegmentCardinality = value,
        },
    ];
}
