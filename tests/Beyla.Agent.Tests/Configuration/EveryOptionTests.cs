using System.Text;
using System.Text.Json;
using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Configuration.Table;
using Beyla.Agent.Configuration.Yaml;
using Beyla.Discovery;
using Beyla.Exporters.Otlp;
using Beyla.Metrics;
using Beyla.Routing;
using Beyla.Tracing;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Tests.Configuration;

/// <summary>A file with every key says what it says, in the places where it is to be heard.</summary>
public sealed class EveryOptionTests
{
    private static readonly string Yaml = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Configuration", "every-option.yml"));

    private static readonly AgentSettings Settings = Configured.Well(Yaml);

    [Fact]
    public void The_file_has_every_key_of_the_table()
    {
        var findings = new Findings();
        var top = (MappingNode)YamlReader.Read(new ExpandedText(Configured.File, Yaml, Configured.Environment()), findings)!;
        Assert.All(AgentOptionTable.Tree.Options, option => Assert.True(Has(top, option.Key), option.Key));

        static bool Has(ConfigNode node, string key)
        {
            var dot = key.IndexOf('.', StringComparison.Ordinal);
            var name = dot < 0 ? key : key[..dot];
            var entry = ((MappingNode)node).Entries.FirstOrDefault(entry => entry.Key == name);
            return entry is not null && (dot < 0 || Has(entry.Value, key[(dot + 1)..]));
        }
    }

    [Fact]
    public void Selectors_of_lists_come_first_and_those_of_the_top_level_last()
    {
        var selectors = Settings.Session.Discovery.Selectors;
        Assert.Equal(3, selectors.Count);
        var api = selectors[0];
        Assert.Equal(("/opt/*", "api", "--serve *"), (api.ExecutableGlob, api.ExecutableName, api.CommandLineGlob));
        Assert.Equal(PortSet.Parse("443"), api.OpenPorts);
        Assert.Equal(["go", "py*"], api.Languages);
        Assert.Equal([12, 34], api.ProcessIds);
        Assert.Equal(("api", "edge"), (api.ServiceName, api.ServiceNamespace));
        Assert.Equal(SignalExports.Traces, api.Exports);
        Assert.Equal(Sampler.TraceIdRatio(0.25).ToString(), api.Sampler!.ToString());
        Assert.Equal(["/user/{id}", "/static/*", "/api/{id}", "/out/{id}"], api.Routes!.Patterns);
        Assert.Equal(
            (RouteIgnoreMode.Traces, UnmatchedRoute.Heuristic, '~', 4, "/healthz"),
            (api.Routes.IgnoreMode, api.Routes.Unmatched, api.Routes.WildcardChar, api.Routes.MaxPathSegmentCardinality, Assert.Single(api.Routes.IgnoredPatterns)));
        Assert.Equal(("/srv/*", SignalExports.None), (selectors[1].ExecutableGlob, selectors[1].Exports));
        Assert.Null(selectors[1].Routes);
        var top = selectors[2];
        Assert.Equal(PortSet.Parse("80,8000-8999"), top.OpenPorts);
        Assert.Equal(("shop|cart", "/usr/bin/*"), (top.ExecutableName, top.ExecutableGlob));
        Assert.Equal(["{go,java}"], top.Languages);
        Assert.Equal(("shop", "prod"), (top.ServiceName, top.ServiceNamespace));
        Assert.Null(top.Exports);
    }

    [Fact]
    public void Exclusions_are_those_of_the_user_and_instead_of_the_defaults_his_defaults()
    {
        var discovery = Settings.Session.Discovery;
        Assert.Equal(["*/bash", "*/beyla"], discovery.Exclusions.Select(exclusion => exclusion.ExecutableGlob));
        Assert.False(discovery.UseDefaultExclusions);
        Assert.False(discovery.InstrumentSelf);
        Assert.Equal((TimeSpan.FromSeconds(7), 99), (discovery.ReconcileInterval, discovery.MaxProcesses));
    }

    [Fact]
    public void Routes()
    {
        var routes = Settings.Session.Routes;
        Assert.Equal(["/user/{id}", "/static/*"], routes.Patterns);
        Assert.Equal(["/healthz"], routes.IgnoredPatterns);
        Assert.Equal((RouteIgnoreMode.Traces, UnmatchedRoute.Heuristic, '~', 4), (routes.IgnoreMode, routes.Unmatched, routes.WildcardChar, routes.MaxPathSegmentCardinality));
    }

    [Fact]
    public void Attributes_filters_and_the_names_of_the_host()
    {
        var attributes = Settings.Session.Attributes;
        Assert.Equal(["*", "http_server_request_duration_seconds", "traces"], attributes.Select.Select(selection => selection.Section));
        Assert.Equal(["*"], attributes.Select[0].Include);
        Assert.Equal(["server_address"], attributes.Select[1].Exclude);
        Assert.Equal(["url.query"], attributes.Select[2].Include);
        Assert.Contains("nonce", attributes.SensitiveQueryParameters);
        Assert.Contains("token", attributes.SensitiveQueryParameters);
        Assert.DoesNotContain("pass", attributes.SensitiveQueryParameters);
        Assert.True(Settings.ResolvesHostName);
        Assert.Equal(("node-1", "node-1", "node-1"), (Settings.Session.Discovery.HostName, Settings.Prometheus.HostName, Settings.Otlp.HostName));
        Assert.Equal("prod", Assert.Single(Settings.Otlp.ResourceAttributes).Value);
        Assert.Equal(("abc", "abc"), (Settings.Prometheus.HostId, Settings.Otlp.HostId));

        var filters = Settings.Session.Filters;
        Assert.Equal(["http_response_status_code", "url.path"], filters.Select(filter => filter.Attribute));
        Assert.Equal((1, 2, 3), (filters[0].EqualTo, filters[0].NotEqualTo, filters[0].GreaterThan));
        Assert.Equal((4, 5, 6), (filters[0].GreaterOrEqual, filters[0].LessThan, filters[0].LessOrEqual));
        Assert.Equal(("/api/*", "*/internal"), (filters[1].Match, filters[1].NotMatch));
    }

    [Fact]
    public void Traces_by_OTLP()
    {
        var traces = Settings.Otlp.Traces;
        Assert.True(traces.Enabled);
        CheckConnection(traces, "https://traces:4318/in", OtlpProtocol.Grpc, "authorization", "Bearer x", 2);
        Assert.Equal((10, 20, TimeSpan.FromSeconds(1)), (traces.MaxBatchSize, traces.QueueSize, traces.BatchTimeout));
        var otlp = Settings.Otlp;
        Assert.Equal((2, 4, 8), (otlp.RetryInitialInterval.TotalSeconds, otlp.RetryMaxInterval.TotalSeconds, otlp.RetryMaxElapsedTime.TotalSeconds));
        Assert.Equal(Sampler.ParentBased(Sampler.TraceIdRatio(0.5)).ToString(), Settings.Session.Sampler.ToString());
    }

    [Fact]
    public void Metrics_by_OTLP()
    {
        var metrics = Settings.Otlp.Metrics;
        Assert.True(metrics.Enabled);
        Assert.False(metrics.ExportTelemetry);
        CheckConnection(metrics, "http://metrics:4317", OtlpProtocol.HttpProtobuf, "x-tenant", "7", 3);
        Assert.Equal((TimeSpan.FromSeconds(9), OtlpTemporality.LowMemory, true), (metrics.Interval, metrics.Temporality, metrics.ExponentialHistograms));
        var store = Settings.Session.Metrics;
        Assert.Equal((true, 50, 5), (store.ExponentialHistograms, store.ExponentialMaxSize, store.ExponentialMaxScale));
        Assert.Equal((TimeSpan.FromSeconds(90), 77, ExemplarFilter.TraceBased), (store.Ttl, store.MaxSeriesPerService, store.ExemplarFilter));
        Assert.Equal([0.1, 1], store.DurationBuckets);
        Assert.Equal([1, 10], store.RequestSizeBuckets);
        Assert.Equal([2, 20], store.ResponseSizeBuckets);
    }

    [Fact]
    public void Grafana()
    {
        var grafana = Settings.Grafana;
        Assert.Equal(["metrics", "traces"], grafana.Submit);
        Assert.Equal(("prod-eu-west-0", "1234", "glc_secret"), (grafana.Zone, grafana.InstanceId, grafana.ApiKey));
    }

    [Fact]
    public void Prometheus_and_internal_metrics()
    {
        var prometheus = Settings.Prometheus;
        Assert.Equal((8999, "/m", "127.0.0.1"), (prometheus.Port, prometheus.Path, prometheus.Address));
        Assert.Equal((6060, "/i"), (prometheus.InternalPort, prometheus.InternalPath));
        Assert.Equal(["deployment.environment.name"], prometheus.ResourceLabels);
        Assert.True(prometheus.DisableBuildInfo);
        Assert.Equal(TimeSpan.FromSeconds(30), Settings.Session.Capture.StatisticsInterval);
    }

    [Fact]
    public void Capture_and_outputs()
    {
        var capture = Settings.Session.Capture;
        Assert.Equal((2048, 512, 4096), (capture.RequestHeadBytes, capture.ResponseHeadBytes, capture.MaxResponseHeadBytes));
        Assert.Equal((1048576, 1000), (capture.RingBufferBytes, capture.MaxConnections));
        Assert.Equal((TimeSpan.FromMilliseconds(20), true, false), (capture.PollInterval, capture.ProgramStatistics, capture.Tls));
        Assert.Equal((TracePrinter.JsonIndent, TracePrinter.JsonIndent), (Settings.TracePrinter, Settings.Printer));
        Assert.True(Settings.PrintTraces);
        Assert.Equal((LogLevel.Debug, LogFormat.Json, ConfigDump.Yaml), (Settings.LogLevel, Settings.LogFormat, Settings.ConfigDump));
        Assert.Equal(TimeSpan.FromSeconds(3), Settings.Session.ShutdownTimeout);
    }

    [Fact]
    public void Every_variable_of_an_option_says_the_same_as_its_key()
    {
        var variables = AgentOptionTable.Tree.Options.SelectMany(option => option.Variables, (option, variable) => (option, variable)).Where(pair => pair.variable.Apply is null).ToArray();
        Assert.All(variables, pair =>
        {
            var shown = pair.option.IsSecret ? null : pair.option.Show(Settings);
            var text = shown switch
            {
                null => "",
                ScalarNode scalar => scalar.Text,
                SequenceNode list => string.Join(" , ", list.Items.Cast<ScalarNode>().Select(item => item.Text)),
                MappingNode mapping => string.Join(",", mapping.Entries.Select(entry => $"{entry.Key}={((ScalarNode)entry.Value).Text}")),
                _ => "",
            };
            var settings = Configured.ByVariables((pair.variable.Name, text)).Settings;
            Assert.Equal(Json(pair.option.Show(text.Length == 0 ? new AgentSettings() : Settings)), Json(pair.option.Show(settings)));
        });
        Assert.True(variables.Length > 120, $"{variables.Length}");

        static string Json(ConfigNode node)
        {
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
            {
                NodeJson.Write(json, node);
            }

            return Encoding.UTF8.GetString(stream.ToArray());
        }
    }

    private static void CheckConnection(OtlpConnectionOptions options, string endpoint, OtlpProtocol protocol, string header, string value, int seconds)
    {
        Assert.Equal((new Uri(endpoint), protocol), (options.Endpoint, options.Protocol));
        Assert.Equal(value, options.Headers[header]);
        Assert.Equal((true, OtlpCompression.Gzip, TimeSpan.FromSeconds(seconds)), (options.InsecureSkipVerify, options.Compression, options.Timeout));
        Assert.Equal(("/dev/null", "/dev/null", "/dev/null"), (options.CertificateFile, options.ClientCertificateFile, options.ClientKeyFile));
    }
}
