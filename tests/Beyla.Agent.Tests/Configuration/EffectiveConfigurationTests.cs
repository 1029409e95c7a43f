using System.Text.Json;
using Beyla.Agent.Configuration;

namespace Beyla.Agent.Tests.Configuration;

public sealed class EffectiveConfigurationTests
{
    private static readonly string EveryOption = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Configuration", "every-option.yml"));

    [Fact]
    public void Each_value_is_shown_with_its_source()
    {
        using var file = new ConfigFileOnDisk("open_port: 80\nroutes:\n  patterns:\n    - /a\n");
        var line = CommandLine.Parse(["--executable-name", "shop"]);
        var shown = EffectiveConfiguration.ToYaml(SettingsLoader.Load(Configured.Environment(("BEYLA_PROMETHEUS_PORT", "9090")), line.Values, file.Path));
        Assert.Contains($"open_port: 80  # {file.Path}:1\n", shown, StringComparison.Ordinal);
        Assert.Contains($"  patterns: [/a]  # {file.Path}:3\n", shown, StringComparison.Ordinal);
        Assert.Contains("  port: 9090  # BEYLA_PROMETHEUS_PORT\n", shown, StringComparison.Ordinal);
        Assert.Contains("executable_name: shop  # --executable-name\n", shown, StringComparison.Ordinal);
        Assert.Contains("log_level: INFO  # default\n", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("open_port: 80\nservice_name: 'a # $${X} \"b\"'\nroutes: {patterns: ['/a/{id:[0-9]{1,3}}']}")]
    [InlineData("discovery: {instrument: [{exe_path: '*', k8s_namespace: a}, {open_ports: 80}], default_exclude_instrument: []}")]
    public void What_is_shown_can_be_loaded_and_says_the_same(string yaml)
    {
        var shown = EffectiveConfiguration.ToYaml(Configured.By(yaml));
        var again = Configured.By(shown);
        Assert.Empty(again.Errors);
        Assert.Empty(again.Warnings);
        Assert.Equal(WithoutSources(shown), WithoutSources(EffectiveConfiguration.ToYaml(again)));
    }

    [Fact]
    public void So_can_every_option()
    {
        var shown = EffectiveConfiguration.ToYaml(Configured.By(EveryOption));
        Assert.Equal(WithoutSources(shown), WithoutSources(EffectiveConfiguration.ToYaml(Configured.By(shown))));
        // What has no value by default is the only thing that may be missing.
        Assert.DoesNotContain("# default", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_not_shown()
    {
        var loaded = Configured.By(
            "otel_traces_export: {endpoint: 'https://x/y', headers: {authorization: hunter2}}\ngrafana: {otlp: {cloud_api_key: hunter2, cloud_zone: z, cloud_instance_id: '1'}}",
            ("OTEL_EXPORTER_OTLP_HEADERS", "x=hunter2"));
        Assert.Empty(loaded.Errors);
        var (yaml, json) = (EffectiveConfiguration.ToYaml(loaded), EffectiveConfiguration.ToJson(loaded));
        Assert.DoesNotContain("hunter2", yaml + json, StringComparison.Ordinal);
        Assert.Contains("    authorization: \"***\"\n", yaml, StringComparison.Ordinal);
        Assert.Empty(Configured.By(yaml).Errors);
    }

    [Theory]
    [InlineData("otel_traces_export: {endpoint: 'https://user:hunter2@x/y'}")]
    [InlineData("otel_traces_export: {endpoint: 'ftp://user:hunter2@x/y'}")]
    [InlineData("otel_traces_export: {headers: hunter2}")]
    [InlineData("otel_traces_export: {headers: {a: {b: hunter2}}}")]
    [InlineData("grafana: {otlp: {cloud_api_key: [hunter2]}}")]
    public void No_message_repeats_a_secret(string yaml)
    {
        var errors = Configured.By(yaml).Errors;
        Assert.NotEmpty(errors);
        Assert.DoesNotContain(errors, error => error.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_password_in_a_variable_is_not_repeated_either()
    {
        Assert.Equal(
            ["OTEL_EXPORTER_OTLP_ENDPOINT is 'ftp://***@x': give a URL with http:// or https://, such as http://localhost:4318, or a socket such as unix:///run/otel.sock."],
            Configured.ByVariables(("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://user:hunter2@x")).Errors);
        Assert.StartsWith(
            "OTEL_EXPORTER_OTLP_ENDPOINT has a user or a password in it",
            Assert.Single(Configured.ByVariables(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:hunter2@x"), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://y")).Errors),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_as_JSON_is_one_line()
    {
        var json = EffectiveConfiguration.ToJson(Configured.By("open_port: 80\nroutes: {patterns: [/a]}"));
        Assert.DoesNotContain('\n', json);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(80, document.RootElement.GetProperty("open_port").GetInt32());
        Assert.Equal("/a", document.RootElement.GetProperty("routes").GetProperty("patterns")[0].GetString());
    }

    private static string WithoutSources(string yaml) => string.Join('\n', yaml.Split('\n').Select(line => line.Split("  # ")[0]));
}
