using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Logging;
using Beyla.Agent.Tests.Configuration;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Prometheus;
using Beyla.Sinks;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Tests;

/// <summary>What the agent makes of settings.</summary>
public sealed class AgentExportsTests : IDisposable
{
    private readonly StringWriter _log = new();

    [Theory]
    [InlineData("trace_printer: text", typeof(ConsoleSpanSink))]
    [InlineData("trace_printer: json", typeof(JsonSpanSink))]
    [InlineData("trace_printer: json_indent", typeof(JsonSpanSink))]
    [InlineData("trace_printer: counter", typeof(CountingSpanSink))]
    [InlineData("otel_traces_export: {endpoint: 'http://127.0.0.1:1'}", typeof(OtlpTraceSink))]
    [InlineData("otel_metrics_export: {endpoint: 'http://127.0.0.1:1'}", typeof(OtlpMetricsExporter))]
    [InlineData("prometheus_export: {port: 1}", typeof(PrometheusExporter))]
    [InlineData("internal_metrics: {prometheus: {port: 1}}", typeof(PrometheusExporter))]
    [InlineData("otel_metrics_export: {endpoint: 'http://127.0.0.1:1', features: []}\ninternal_metrics: {exporter: otel}", typeof(OtlpMetricsExporter))]
    public async Task Each_output_is_made_when_it_is_asked_for(string yaml, Type expected) =>
        Assert.Equal([expected], (await MakeAsync(Configured.Well(yaml))).Select(output => output.GetType()));

    [Theory]
    [InlineData("")]
    [InlineData("trace_printer: disabled")]
    [InlineData("print_traces: true\ntrace_printer: disabled")]
    [InlineData("prometheus_export: {port: 0, path: /m}")]
    [InlineData("internal_metrics: {exporter: disabled, prometheus: {port: 1}}")]
    [InlineData("otel_metrics_export: {endpoint: 'http://127.0.0.1:1', features: []}")]
    [InlineData("prometheus_export: {port: 1, features: []}\ninternal_metrics: {exporter: disabled}")]
    public async Task And_not_otherwise(string yaml) => Assert.Empty(await MakeAsync(Configured.Well(yaml)));

    [Fact]
    public void Without_metrics_of_services_the_page_about_the_agent_stays_where_it_is()
    {
        var settings = Configured.Well("prometheus_export: {port: 5, features: []}");
        using var loggers = new LoggerFactory([]);
        var exporter = Assert.IsType<PrometheusExporter>(Assert.Single(new AgentExports(settings, loggers, loggers.CreateLogger("beyla")).Make().Exporters));
        Assert.Equal("port 5, path /internal/metrics", exporter.ToString());
    }

    [Fact]
    public async Task One_variable_is_enough_for_both_signals_by_OTLP() => Assert.Equal(
        [typeof(OtlpTraceSink), typeof(OtlpMetricsExporter)],
        (await MakeAsync(Configured.Well("", ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")))).Select(output => output.GetType()));

    [Fact]
    public async Task One_that_cannot_be_made_is_told_and_the_others_are_made()
    {
        using var file = new ConfigFileOnDisk("this is no certificate");
        var settings = Configured.Well($"otel_traces_export: {{endpoint: 'https://x', certificate: {file.Path}}}\ntrace_printer: text");
        Assert.Equal([typeof(ConsoleSpanSink)], (await MakeAsync(settings)).Select(output => output.GetType()));
        Assert.Contains("ERROR beyla[13] Traces by OTLP can't be exported; the rest goes on without it: ", _log.ToString(), StringComparison.Ordinal);
        Assert.Contains(Configured.File, _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grafana_Cloud_gets_what_is_meant_for_it()
    {
        var settings = Configured.ByVariables(("GRAFANA_CLOUD_ZONE", "prod-eu-west-0"), ("GRAFANA_CLOUD_INSTANCE_ID", "12"), ("GRAFANA_CLOUD_API_KEY", "key")).Settings;
        Assert.Equal([typeof(OtlpTraceSink)], (await MakeAsync(settings)).Select(output => output.GetType()));
        var traces = settings.Otlp.Traces;
        Assert.Equal((new Uri("https://otlp-gateway-prod-eu-west-0.grafana.net/otlp/v1/traces"), OtlpProtocol.HttpProtobuf), (traces.Endpoint, traces.Protocol));
        Assert.Equal("Basic MTI6a2V5", traces.Headers["Authorization"]);
        Assert.Empty(settings.Otlp.Metrics.Headers);
    }

    [Theory]
    [InlineData("https://otlp-gateway-x.grafana.net/otlp", true)]
    [InlineData("http://otlp-gateway-x.grafana.net/otlp", false)]
    [InlineData("https://collector:4318", false)]
    [InlineData("https://evilgrafana.net", false)]
    public async Task An_endpoint_of_the_user_wins_over_the_zone_and_gets_the_key_only_if_it_is_Grafana(string endpoint, bool expected)
    {
        var settings = Configured.Well(
            "grafana: {otlp: {cloud_zone: z, cloud_instance_id: '12', cloud_api_key: key, cloud_submit: [traces, metrics]}}", ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint));
        await MakeAsync(settings);
        Assert.Null(settings.Otlp.Traces.Endpoint);
        Assert.Equal(expected, settings.Otlp.Traces.Headers.ContainsKey("Authorization"));
        Assert.Equal(expected, settings.Otlp.Metrics.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("attributes: {instance_id: {dns: true, override_hostname: mine}}", "mine")]
    [InlineData("attributes: {instance_id: {dns: false}}", null)]
    public async Task The_resolver_is_asked_only_for_a_name_that_is_wanted(string yaml, string? expected)
    {
        var settings = Configured.Well(yaml);
        using var loggers = new LoggerFactory([new LineLoggerProvider(_log, TimeProvider.System, LogLevel.Warning)]);
        await HostName.ResolveAsync(settings, loggers.CreateLogger("beyla"), TestContext.Current.CancellationToken);
        Assert.Equal((expected, expected, expected), (settings.HostName, settings.Otlp.HostName, settings.Session.Discovery.HostName));
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public async Task The_name_that_the_resolver_tells_is_used_everywhere_and_without_one_the_log_says_so()
    {
        var settings = Configured.Well("attributes: {instance_id: {dns: true}}");
        using var loggers = new LoggerFactory([new LineLoggerProvider(_log, TimeProvider.System, LogLevel.Warning)]);
        await HostName.ResolveAsync(settings, loggers.CreateLogger("beyla"), TestContext.Current.CancellationToken);
        Assert.Equal(settings.HostName is null, _log.ToString().Contains($"The resolver does not know this host; it is called {Environment.MachineName}", StringComparison.Ordinal));
        Assert.Equal((settings.HostName, settings.HostName), (settings.Prometheus.HostName, settings.Session.Discovery.HostName));
    }

    public void Dispose() => _log.Dispose();

    private async Task<IReadOnlyList<object>> MakeAsync(AgentSettings settings)
    {
        using var loggers = new LoggerFactory([new LineLoggerProvider(_log, TimeProvider.System, LogLevel.Error)]);
        var outputs = new AgentExports(settings, loggers, loggers.CreateLogger("beyla")).Make();
        foreach (var output in outputs.Sinks.Concat<object>(outputs.Exporters).OfType<IAsyncDisposable>().Where(output => output is not CountingSpanSink))
        {
            await output.DisposeAsync();
        }

        return [.. outputs.Sinks, .. outputs.Exporters];
    }
}
