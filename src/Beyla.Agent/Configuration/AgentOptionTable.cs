using System.Collections.Immutable;
using Beyla.Routing;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Configuration;

/// <summary>All options of the agent. Names and meanings are Beyla's where Beyla has them.</summary>
internal static class AgentOptionTable
{
    private const string Selector = "Discovery.Selectors[0]";

    internal static ImmutableArray<AgentOption> All { get; } =
    [
        new()
        {
            Variable = "BEYLA_OPEN_PORT",
            Fallbacks = ["OPEN_PORT"],
            Flag = "--open-port",
            Value = "PORTS",
            Summary = "Observe processes that listen on one of these ports: 80,443,8000-8999",
            Path = Selector + ".OpenPorts",
            Apply = Values.Ports,
        },
        new()
        {
            Variable = "BEYLA_EXECUTABLE_NAME",
            Fallbacks = ["EXECUTABLE_NAME"],
            Flag = "--executable-name",
            Value = "REGEX",
            Summary = "Observe processes whose executable's path contains a match",
            Path = Selector + ".ExecutableName",
            Apply = Values.Text((settings, value) => settings.Selector.ExecutableName = value),
        },
        new()
        {
            Variable = "BEYLA_AUTO_TARGET_EXE",
            Fallbacks = ["OTEL_GO_AUTO_TARGET_EXE"],
            Value = "GLOB",
            Summary = "Observe processes whose executable's whole path fits",
            Path = Selector + ".ExecutableGlob",
            Apply = Values.Text((settings, value) => settings.Selector.ExecutableGlob = value),
        },
        new()
        {
            Variable = "BEYLA_TARGET_PID",
            Value = "PIDS",
            Summary = "Observe these processes and nothing else",
            Path = Selector + ".ProcessIds",
            Apply = Values.ProcessIds,
        },
        new()
        {
            Variable = "BEYLA_SERVICE_NAME",
            Precedence = "OTEL_SERVICE_NAME",
            Value = "NAME",
            Summary = "Service name of what is observed (default: name of the executable)",
            Apply = Values.Text((settings, value) => settings.Selector.ServiceName = value),
        },
        new()
        {
            Variable = "BEYLA_SERVICE_NAMESPACE",
            Value = "NAME",
            Summary = "Service namespace of what is observed",
            Apply = Values.Text((settings, value) => settings.Selector.ServiceNamespace = value),
        },
        new()
        {
            Variable = "BEYLA_PRINT_TRACES",
            Fallbacks = ["PRINT_TRACES"],
            Value = "BOOL",
            Summary = "Print each span as a line on the standard output (default false)",
            Apply = Values.Bool((settings, value) => settings.PrintTraces = value),
        },
        new()
        {
            Variable = "BEYLA_TRACE_PRINTER",
            Value = "KIND",
            Summary = "text or disabled; wins over BEYLA_PRINT_TRACES",
            Apply = Values.TracePrinter,
        },
        new()
        {
            Variable = "BEYLA_PROMETHEUS_PORT",
            Value = "PORT",
            Summary = "Serve metrics for Prometheus on this port (default 0: do not)",
            Path = "Prometheus.Port",
            Apply = Values.Integer((settings, value) => settings.Prometheus.Port = value),
        },
        new()
        {
            Variable = "BEYLA_PROMETHEUS_PATH",
            Value = "PATH",
            Summary = "Path of the metrics page (default /metrics)",
            Path = "Prometheus.Path",
            Apply = Values.Text((settings, value) => settings.Prometheus.Path = value),
        },
        new()
        {
            Variable = "BEYLA_PROMETHEUS_TTL",
            Value = "DURATION",
            Summary = "Drop a series that was idle for longer (default 5m; 0: never)",
            Path = "Metrics.Ttl",
            Apply = Values.Duration((settings, value) => settings.Session.Metrics.Ttl = value),
        },
        new()
        {
            Variable = "BEYLA_ROUTES_PATTERNS",
            Value = "LIST",
            Summary = "Routes such as /user/{id},/static/*",
            Path = "Routes.Patterns",
            Apply = Values.List(settings => settings.Session.Routes.Patterns),
        },
        new()
        {
            Variable = "BEYLA_ROUTES_IGNORED_PATTERNS",
            Value = "LIST",
            Summary = "Routes to leave out, such as /healthz",
            Path = "Routes.IgnoredPatterns",
            Apply = Values.List(settings => settings.Session.Routes.IgnoredPatterns),
        },
        new()
        {
            Variable = "BEYLA_ROUTES_IGNORE_MODE",
            Value = "MODE",
            Summary = "What ignored routes are left out of: all, metrics or traces (default all)",
            Path = "Routes.IgnoreMode",
            Apply = Values.Choice(
                (settings, value) => settings.Session.Routes.IgnoreMode = value,
                ("all", RouteIgnoreMode.All),
                ("metrics", RouteIgnoreMode.Metrics),
                ("traces", RouteIgnoreMode.Traces)),
        },
        new()
        {
            Variable = "BEYLA_ROUTES_UNMATCHED",
            Value = "MODE",
            Summary = "Route of other paths: unset, path, wildcard, heuristic, low-cardinality (default)",
            Path = "Routes.Unmatched",
            Apply = Values.Choice(
                (settings, value) => settings.Session.Routes.Unmatched = value,
                ("unset", UnmatchedRoute.Unset),
                ("path", UnmatchedRoute.Path),
                ("wildcard", UnmatchedRoute.Wildcard),
                ("heuristic", UnmatchedRoute.Heuristic),
                ("low-cardinality", UnmatchedRoute.LowCardinality)),
        },
        new()
        {
            Variable = "BEYLA_BPF_REQUEST_HEAD_BYTES",
            Value = "BYTES",
            Summary = "Bytes copied from the start of each request (default and most: 8192)",
            Path = "Capture.RequestHeadBytes",
            Apply = Values.Integer((settings, value) => settings.Session.Capture.RequestHeadBytes = value),
        },
        new()
        {
            Variable = "BEYLA_BPF_RESPONSE_HEAD_BYTES",
            Value = "BYTES",
            Summary = "Bytes copied from the start of each response (default 4096)",
            Path = "Capture.ResponseHeadBytes",
            Apply = Values.Integer((settings, value) => settings.Session.Capture.ResponseHeadBytes = value),
        },
        new()
        {
            Variable = "BEYLA_BPF_MAX_RESPONSE_HEAD_BYTES",
            Value = "BYTES",
            Summary = "How far that may grow where response heads are longer (default and most: 8192)",
            Path = "Capture.MaxResponseHeadBytes",
            Apply = Values.Integer((settings, value) => settings.Session.Capture.MaxResponseHeadBytes = value),
        },
        new()
        {
            Variable = "BEYLA_BPF_RING_BYTES",
            Value = "BYTES",
            Summary = "Ring buffer between kernel and agent, a power of two (default 8388608)",
            Path = "Capture.RingBufferBytes",
            Apply = Values.Integer((settings, value) => settings.Session.Capture.RingBufferBytes = value),
        },
        new()
        {
            Variable = "BEYLA_LOG_LEVEL",
            Value = "LEVEL",
            Summary = "DEBUG, INFO, WARN or ERROR (default INFO); the log goes to the error output",
            Apply = Values.Choice(
                (settings, value) => settings.LogLevel = value,
                ("DEBUG", LogLevel.Debug),
                ("INFO", LogLevel.Information),
                ("WARN", LogLevel.Warning),
                ("ERROR", LogLevel.Error)),
        },
        new()
        {
            Variable = "BEYLA_SHUTDOWN_TIMEOUT",
            Value = "DURATION",
            Summary = "How long to wait for the last spans to go out (default 10s)",
            Path = "ShutdownTimeout",
            Apply = Values.Duration((settings, value) => settings.Session.ShutdownTimeout = value),
        },
        new()
        {
            Flag = "--duration",
            Value = "SECONDS",
            Summary = "End by itself after this time: seconds, or a duration such as 1m30s",
            Apply = Values.Seconds((settings, value) => settings.Duration = value),
        },
    ];
}
