using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Configuration.Table;
using Beyla.Discovery;
using Beyla.Routing;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Tests.Configuration;

public sealed class SettingsLoaderTests
{
    [Fact]
    public void Every_variable_reaches_its_setting()
    {
        var settings = Good(
            ("BEYLA_OPEN_PORT", "80,8000-8999"),
            ("BEYLA_EXECUTABLE_NAME", "shop|cart"),
            ("BEYLA_AUTO_TARGET_EXE", "/usr/bin/*"),
            ("BEYLA_SERVICE_NAME", "shop"),
            ("BEYLA_SERVICE_NAMESPACE", "prod"),
            ("BEYLA_PRINT_TRACES", "TRUE"),
            ("BEYLA_PROMETHEUS_PORT", "8999"),
            ("BEYLA_PROMETHEUS_PATH", "/m"),
            ("BEYLA_PROMETHEUS_TTL", "1m30s"),
            ("BEYLA_ROUTES_PATTERNS", "/user/{id}, /order/{id:[0-9]{1,3}} ,/static/*"),
            ("BEYLA_ROUTES_IGNORED_PATTERNS", "/healthz"),
            ("BEYLA_ROUTES_IGNORE_MODE", "traces"),
            ("BEYLA_ROUTES_UNMATCHED", "Heuristic"),
            ("BEYLA_BPF_REQUEST_HEAD_BYTES", "2048"),
            ("BEYLA_BPF_RESPONSE_HEAD_BYTES", "512"),
            ("BEYLA_BPF_MAX_RESPONSE_HEAD_BYTES", "4096"),
            ("BEYLA_BPF_RING_BYTES", "1048576"),
            ("BEYLA_LOG_LEVEL", "debug"),
            ("BEYLA_SHUTDOWN_TIMEOUT", "3s"));

        var selector = Assert.Single(settings.Session.Discovery.Selectors);
        Assert.Equal(PortSet.Parse("80,8000-8999"), selector.OpenPorts);
        Assert.Equal(("shop|cart", "/usr/bin/*"), (selector.ExecutableName, selector.ExecutableGlob));
        Assert.Equal(("shop", "prod"), (selector.ServiceName, selector.ServiceNamespace));
        Assert.Equal(TracePrinter.Text, settings.Printer);
        Assert.Equal((8999, "/m"), (settings.Prometheus.Port, settings.Prometheus.Path));
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Session.Metrics.Ttl);
        Assert.Equal(["/user/{id}", "/order/{id:[0-9]{1,3}}", "/static/*"], settings.Session.Routes.Patterns);
        Assert.Equal(["/healthz"], settings.Session.Routes.IgnoredPatterns);
        Assert.Equal((RouteIgnoreMode.Traces, UnmatchedRoute.Heuristic), (settings.Session.Routes.IgnoreMode, settings.Session.Routes.Unmatched));
        var capture = settings.Session.Capture;
        Assert.Equal((2048, 512, 4096), (capture.RequestHeadBytes, capture.ResponseHeadBytes, capture.MaxResponseHeadBytes));
        Assert.Equal(1048576, capture.RingBufferBytes);
        Assert.Equal(LogLevel.Debug, settings.LogLevel);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.Session.ShutdownTimeout);
    }

    [Fact]
    public void A_variable_is_about_one_option_unless_it_is_about_a_signal_as_well_as_the_other()
    {
        var shared = AgentOptionTable.All.SelectMany(option => option.Variables).CountBy(variable => variable.Name).Where(count => count.Value > 1).Select(count => count.Key);
        Assert.All(shared, name => Assert.Matches("^OTEL_EXPORTER_OTLP_[A-Z_]+$|INSECURE_SKIP_VERIFY$", name));
        Assert.DoesNotContain(shared, name => name.Contains("TRACES", StringComparison.Ordinal) || name.Contains("METRICS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OPEN_PORT")]
    [InlineData("BEYLA_OPEN_PORT")]
    [InlineData("OTEL_EBPF_OPEN_PORT")]
    public void The_port_goes_by_three_names(string name) =>
        Assert.True(Good((name, "8080"), ("PRINT_TRACES", "1")).TopLevel.Selector.OpenPorts.Contains(8080));

    [Fact]
    public void The_OpenTelemetry_prefix_wins_over_the_plain_one_and_that_over_the_oldest()
    {
        var settings = Good(("OTEL_EBPF_EXECUTABLE_NAME", "a"), ("BEYLA_EXECUTABLE_NAME", "b"), ("EXECUTABLE_NAME", "c"), ("PRINT_TRACES", "true"));
        Assert.Equal("a", settings.TopLevel.Selector.ExecutableName);
        settings = Good(("BEYLA_EXECUTABLE_NAME", "b"), ("EXECUTABLE_NAME", "c"), ("PRINT_TRACES", "true"));
        Assert.Equal("b", settings.TopLevel.Selector.ExecutableName);
    }

    [Fact]
    public void The_standard_service_name_wins_over_the_own_one()
    {
        var settings = Good(("OPEN_PORT", "80"), ("PRINT_TRACES", "1"), ("BEYLA_SERVICE_NAME", "b"), ("OTEL_SERVICE_NAME", "a"));
        Assert.Equal("a", settings.TopLevel.Selector.ServiceName);
    }

    [Fact]
    public void An_empty_variable_is_as_good_as_none()
    {
        var settings = Good(("BEYLA_OPEN_PORT", " "), ("OPEN_PORT", "80"), ("PRINT_TRACES", "1"), ("BEYLA_PROMETHEUS_PORT", ""));
        Assert.True(settings.TopLevel.Selector.OpenPorts.Contains(80));
        Assert.False(settings.ServesPrometheus);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment()
    {
        var line = CommandLine.Parse(["--open-port", "81"]);
        var loaded = SettingsLoader.Load(Configured.Environment(("OPEN_PORT", "80"), ("PRINT_TRACES", "1")), line.Values);
        Assert.Equal("81", loaded.Settings.TopLevel.Selector.OpenPorts.ToString());
    }

    [Fact]
    public void With_process_ids_nothing_else_selects()
    {
        var selector = Assert.Single(Good(("BEYLA_TARGET_PID", "12, 34"), ("OPEN_PORT", "80"), ("EXECUTABLE_NAME", "x"), ("PRINT_TRACES", "1")).Session.Discovery.Selectors);
        Assert.Equal([12, 34], selector.ProcessIds);
        Assert.True(selector.OpenPorts.IsEmpty);
        Assert.Null(selector.ExecutableName);
    }

    [Theory]
    [InlineData("true", null, "Text")]
    [InlineData("false", "text", "Text")]
    [InlineData("true", "disabled", "Disabled")]
    [InlineData("true", "counter", "Counter")]
    [InlineData(null, "json", "Json")]
    public void The_newer_switch_of_the_printer_wins(string? print, string? printer, string expected)
    {
        var settings = Good(("OPEN_PORT", "80"), ("BEYLA_PROMETHEUS_PORT", "1"), ("PRINT_TRACES", print ?? ""), ("BEYLA_TRACE_PRINTER", printer ?? ""));
        Assert.Equal(expected, settings.Printer.ToString());
    }

    [Fact]
    public void All_errors_come_at_once_in_the_words_of_the_user()
    {
        var loaded = Configured.ByVariables(
            ("OTEL_EBPF_OPEN_PORT", "80,http"),
            ("EXECUTABLE_NAME", "shop("),
            ("BEYLA_TARGET_PID", "one"),
            ("PRINT_TRACES", "maybe"),
            ("BEYLA_TRACE_PRINTER", "xml"),
            ("BEYLA_PROMETHEUS_PORT", "70000"),
            ("BEYLA_PROMETHEUS_PATH", "metrics"),
            ("BEYLA_PROMETHEUS_TTL", "5"),
            ("BEYLA_ROUTES_PATTERNS", "/ok,/user/{id"),
            ("BEYLA_ROUTES_UNMATCHED", "none"),
            ("BEYLA_BPF_RING_BYTES", "1000"),
            ("BEYLA_BPF_REQUEST_HEAD_BYTES", "many"),
            ("BEYLA_LOG_LEVEL", "loud"));

        Assert.Contains(loaded.Errors, error => error.StartsWith("OTEL_EBPF_OPEN_PORT is '80,http'", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("EXECUTABLE_NAME is 'shop('", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("BEYLA_TARGET_PID is 'one'", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("PRINT_TRACES is 'maybe'", StringComparison.Ordinal));
        Assert.Contains("BEYLA_TRACE_PRINTER is 'xml': give one of disabled, text, json, json_indent, counter.", loaded.Errors);
        Assert.Contains(loaded.Errors, error => error.StartsWith("BEYLA_PROMETHEUS_PORT is '70000'", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("BEYLA_PROMETHEUS_PATH is 'metrics'", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("BEYLA_PROMETHEUS_TTL is '5'", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("BEYLA_ROUTES_PATTERNS[1]", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("BEYLA_ROUTES_UNMATCHED is 'none'", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("BEYLA_BPF_RING_BYTES is 1000", StringComparison.Ordinal));
        Assert.Contains(loaded.Errors, error => error.StartsWith("BEYLA_BPF_REQUEST_HEAD_BYTES is 'many'", StringComparison.Ordinal));
        Assert.Contains("BEYLA_LOG_LEVEL is 'loud': give one of DEBUG, INFO, WARN, ERROR.", loaded.Errors);
        Assert.Equal(13, loaded.Errors.Count);
        Assert.All(loaded.Errors, error => Assert.Matches(@"[^.]\.$", error));
    }

    [Fact]
    public void An_agent_that_selects_nothing_or_sends_nothing_anywhere_is_told_what_is_missing()
    {
        Assert.Contains("BEYLA_PROMETHEUS_PORT", Assert.Single(Configured.ByVariables(("OPEN_PORT", "80")).Missing), StringComparison.Ordinal);
        Assert.Contains("BEYLA_OPEN_PORT", Assert.Single(Configured.ByVariables(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")).Missing), StringComparison.Ordinal);
    }

    private static AgentSettings Good(params (string Name, string Value)[] variables)
    {
        var loaded = Configured.ByVariables(variables);
        Assert.Empty(loaded.Errors);
        return loaded.Settings;
    }
}
