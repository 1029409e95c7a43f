using System.Text;
using Beyla.Agent.Configuration;
using Beyla.Exporters.Otlp;

namespace Beyla.Agent.Tests.Configuration;

public sealed class ConfigFileTests
{
    [Fact]
    public void Each_layer_is_stronger_than_the_one_before()
    {
        Assert.Equal(8080, Configured.Well("prometheus_export: {port: 8080}").Prometheus.Port);
        Assert.Equal(8081, Configured.Well("prometheus_export: {port: 8080}", ("BEYLA_PROMETHEUS_PORT", "8081")).Prometheus.Port);
        using var file = new ConfigFileOnDisk("open_port: 1");
        var line = CommandLine.Parse(["--open-port=3", "--config", file.Path]);
        var loaded = SettingsLoader.Load(Configured.Environment(("BEYLA_OPEN_PORT", "2")), line.Values, line.ConfigFile);
        Assert.Equal("3", loaded.Settings.TopLevel.Selector.OpenPorts.ToString());
    }

    [Fact]
    public void A_list_of_a_stronger_layer_replaces_the_whole_list()
    {
        var settings = Configured.Well("routes: {patterns: [/a, /b]}", ("BEYLA_ROUTES_PATTERNS", "/c"));
        Assert.Equal(["/c"], settings.Session.Routes.Patterns);
    }

    [Fact]
    public void The_variable_that_names_the_file_wins_over_the_flag()
    {
        using var flag = new ConfigFileOnDisk("service_name: flag");
        using var variable = new ConfigFileOnDisk("service_name: variable");
        var loaded = SettingsLoader.Load(Configured.Environment(("BEYLA_CONFIG_PATH", variable.Path)), [], flag.Path);
        Assert.Equal("variable", loaded.Settings.TopLevel.Selector.ServiceName);
        loaded = SettingsLoader.Load(Configured.Environment(("BEYLA_CONFIG_PATH", "")), [], flag.Path);
        Assert.Equal("flag", loaded.Settings.TopLevel.Selector.ServiceName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("open_port:\nroutes:\n  patterns: ~\ndiscovery: {instrument: null}\n")]
    public void A_key_without_a_value_says_nothing(string yaml) =>
        Assert.Equal(EffectiveConfiguration.ToYaml(Configured.ByVariables()), EffectiveConfiguration.ToYaml(Configured.By(yaml)));

    [Theory]
    [InlineData("yes", true)]
    [InlineData("off", false)]
    [InlineData("\"true\"", true)]
    [InlineData("0", false)]
    public void A_boolean_may_be_written_as_people_write_it(string text, bool expected) =>
        Assert.Equal(expected, Configured.Well($"print_traces: {text}").PrintTraces);

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_place_and_a_way_out()
    {
        var loaded = Configured.By(
            """
            open_port: [80]
            prometheus_exprt:
              port: 1
            prometheus_export:
              port: 70000
              prot: 5
              path: metrics
              ttl: 5
            port: 4
            routes:
              patterns: ["/ok", "/user/{id"]
              unmatched: none
            otel_traces_export:
              sampler: {name: sometimes}
              endpoint: collector
              headers: secret
            discovery:
              instrument:
                - name: x
                - exe_path: "[a"
                  open_ports: http
                  bogus: 1
                - everything
                - languages: [cobol]
                  routes: {incoming: ["/a/{"]}
            attributes:
              select:
                http_server: {include: []}
            filter:
              application:
                url_path: {match: 5, less_than: x}
                url_pth: {match: a}
            ebpf: {ring_bytes: 1000, max_response_head_bytes: 1000}
            """,
            ("BEYLA_LOG_LEVEL", "loud"));

        string[] expected =
        [
            "beyla.yml:1:12: open_port is a list: ",
            "beyla.yml:2:1: prometheus_exprt is not known; did you mean prometheus_export?",
            "beyla.yml:5:9: prometheus_export.port is '70000': give a whole number from 0 to 65535.",
            "beyla.yml:6:3: prometheus_export.prot is not known; did you mean prometheus_export.port?",
            "beyla.yml:8:8: prometheus_export.ttl is '5': a duration is a number with a unit",
            "beyla.yml:9:1: port is not known; did you mean prometheus_export.port?",
            "beyla.yml:12:14: routes.unmatched is 'none': give one of ",
            "beyla.yml:15:13: otel_traces_export.endpoint is 'collector': give a URL",
            "beyla.yml:16:12: otel_traces_export.headers is not understood: ",
            "beyla.yml:21:19: discovery.instrument[1].open_ports is 'http': ",
            "beyla.yml:22:7: discovery.instrument[1].bogus is not known; the keys here are exe_path, ",
            "beyla.yml:23:7: discovery.instrument[2] is 'everything': give a section with keys.",
            "beyla.yml:31:37: filter.application.url_path.less_than is 'x': give a number.",
            "BEYLA_LOG_LEVEL is 'loud': give one of DEBUG, INFO, WARN, ERROR.",
            "beyla.yml:14:19: otel_traces_export.sampler.name is 'sometimes': ",
            "beyla.yml:19:7: discovery.instrument[0] has no criterion and would choose nothing: set exe_path_regexp, exe_path, open_ports,",
            "beyla.yml:20:17: discovery.instrument[1].exe_path is '[a': ",
            "beyla.yml:24:19: discovery.instrument[3].languages[0] is 'cobol', which fits no language",
            "beyla.yml:25:27: discovery.instrument[3].routes.incoming[0]: ",
            "beyla.yml:11:21: routes.patterns[1]: ",
            "ebpf.response_head_bytes (default) is 4096; it must be 64 to ebpf.max_response_head_bytes (1000).",
            "beyla.yml:33:20: ebpf.ring_bytes is 1000; it must be a power of two",
            "beyla.yml:28:5: attributes.select.http_server is 'http_server': no metric is called so",
            "beyla.yml:32:5: filter.application.url_pth is 'url_pth': no such attribute can be filtered by",
            "beyla.yml:7:9: prometheus_export.path is 'metrics': ",
        ];
        Assert.All(expected, beginning => Assert.Contains(loaded.Errors, error => error.StartsWith(beginning, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, loaded.Errors.Count);
        Assert.DoesNotContain(loaded.Errors, error => error.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("- a", "beyla.yml:1:1: A configuration consists of keys with values, not of a list.")]
    [InlineData("hello", "beyla.yml:1:1: A configuration consists of keys with values, not of 'hello'.")]
    [InlineData("routes: on", "beyla.yml:1:9: routes is 'on': it is a section with the keys patterns, ")]
    public void A_file_of_another_shape_is_refused(string yaml, string beginning) =>
        Assert.StartsWith(beginning, Assert.Single(Configured.By(yaml).Errors), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_something_else_altogether_is_not_repeated_whole()
    {
        var errors = Configured.By(string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"key{i}: 1"))).Errors;
        Assert.Equal(101, errors.Count);
        Assert.Equal("And 19900 more like these.", errors[^1]);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused()
    {
        Assert.Equal(["--config is '/none/such': there is no such file."], SettingsLoader.Load(Configured.Environment(), [], "/none/such").Errors);
        Assert.Equal(["BEYLA_CONFIG_PATH is '/tmp': it is a directory or may not be read by this user."], Configured.ByVariables(("BEYLA_CONFIG_PATH", "/tmp")).Errors);
        using var binary = new ConfigFileOnDisk([0x61, 0xff, 0xfe]);
        Assert.Contains("not a text in UTF-8", Assert.Single(SettingsLoader.Load(Configured.Environment(), [], binary.Path).Errors), StringComparison.Ordinal);
        using var large = new ConfigFileOnDisk(new string('#', 2 * 1024 * 1024));
        Assert.Contains("larger than", Assert.Single(SettingsLoader.Load(Configured.Environment(), [], large.Path).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        using var file = new ConfigFileOnDisk([.. Encoding.UTF8.Preamble, .. "service_name: größe"u8]);
        Assert.Equal("größe", SettingsLoader.Load(Configured.Environment(), [], file.Path).Settings.TopLevel.Selector.ServiceName);
    }

    [Fact]
    public void Variables_stand_in_the_file_for_any_part_of_it()
    {
        var settings = Configured.Well(
            "open_port: ${PORT:-80}\nservice_name: ${env:NAME}-$${X}\nroutes: ${ROUTES}\n", ("PORT", ""), ("NAME", "shop"), ("ROUTES", "{patterns: [/a]}"));
        Assert.Equal("80", settings.TopLevel.Selector.OpenPorts.ToString());
        Assert.Equal("shop-${X}", settings.TopLevel.Selector.ServiceName);
        Assert.Equal(["/a"], settings.Session.Routes.Patterns);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_told() =>
        Assert.Equal(
            ["beyla.yml:1:12: PORT is not set, and nothing stands in its place; ${PORT:-default} gives a default."],
            Configured.By("open_port: ${PORT}").Warnings);

    [Theory]
    [InlineData("network:\n  enable: true", "beyla.yml:1:1: network is an option of Beyla")]
    [InlineData("ebpf:\n  wakeup_len: 5", "beyla.yml:2:3: ebpf.wakeup_len is an option of Beyla")]
    [InlineData("attributes: {kubernetes: {enable: true}}", "beyla.yml:1:14: attributes.kubernetes is an option of Beyla")]
    [InlineData("metrics: {features: [application, network]}", "beyla.yml:1:35: metrics.features[1] is network, a group of metrics of Beyla that is not available here; it has no effect.")]
    [InlineData("attributes: {select: {beyla_network_flow_bytes: {include: [src.name]}}}", "beyla.yml:1:23: attributes.select.beyla_network_flow_bytes is about a metric of Beyla")]
    [InlineData("attributes: {select: {\"*\": {include: [k8s.pod.name]}}}", "beyla.yml:1:39: attributes.select.*.include[0] is k8s.pod.name, an attribute of Beyla")]
    [InlineData("filter: {application: {k8s.namespace.name: {not_match: kube-*}}}", "beyla.yml:1:24: filter.application.k8s.namespace.name is about an attribute of Beyla that is not available here; it has no effect.")]
    [InlineData("filter: {application: {k8s_pod_name: {match: '*', not_equals: 5}}}", "beyla.yml:1:24: filter.application.k8s_pod_name is about an attribute of Beyla")]
    [InlineData("discovery: {instrument: [{exe_path: a, metrics: {features: []}}]}", "beyla.yml:1:40: discovery.instrument[0].metrics is an option of Beyla that is not available here; it has no effect.")]
    public void What_only_Beyla_has_is_a_warning_that_names_it(string yaml, string beginning)
    {
        var loaded = Configured.By(yaml);
        Assert.Empty(loaded.Errors);
        Assert.StartsWith(beginning, Assert.Single(loaded.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("filter: {application: {k8s.namespace.name: {match: shop}}}", "beyla.yml:1:24: filter.application.k8s.namespace.name is about an attribute of Beyla that is not available here, so that nothing would pass: leave the condition out")]
    [InlineData("filter: {application: {k8s.namespace.name: {not_match: '*'}}}", "beyla.yml:1:24: filter.application.k8s.namespace.name is about an attribute of Beyla")]
    [InlineData("filter: {application: {client.port: {less_than: 5}}}", "beyla.yml:1:24: filter.application.client.port is about an attribute of Beyla")]
    [InlineData("otel_traces_export: {protocol: http/json}", "beyla.yml:1:32: otel_traces_export.protocol is 'http/json': Beyla has it, but it is not available here; give one of grpc, http/protobuf.")]
    [InlineData("otel_metrics_export: {protocol: debug}", "beyla.yml:1:33: otel_metrics_export.protocol is 'debug': Beyla has it, but")]
    public void What_only_Beyla_has_and_cannot_be_left_out_is_refused_by_name(string yaml, string beginning)
    {
        var loaded = Configured.By(yaml);
        Assert.StartsWith(beginning, Assert.Single(loaded.Errors), StringComparison.Ordinal);
        Assert.Empty(loaded.Warnings);
    }

    [Theory]
    [InlineData("discovery: {services: [{exe_path: 'foo('}]}", "beyla.yml:1:35: discovery.services[0].exe_path is 'foo(': no regular expression (insufficient closing parentheses at position 4)")]
    [InlineData("discovery: {services: [{exe_path_regexp: 'foo('}]}", "beyla.yml:1:42: discovery.services[0].exe_path_regexp is 'foo(': ")]
    [InlineData("discovery: {instrument: [{exe_paht: a}]}", "beyla.yml:1:27: discovery.instrument[0].exe_paht is not known; did you mean discovery.instrument[0].exe_path?")]
    [InlineData("discovery: {instrument: [{open_ports: http, name: x}]}", "beyla.yml:1:39: discovery.instrument[0].open_ports is 'http': ")]
    [InlineData("discovery: {instrument: [{exe_paht: a}, {exe_path: '['}]}", "beyla.yml:1:27: ", "beyla.yml:1:52: discovery.instrument[1].exe_path is '['")]
    [InlineData("discovery: {instrument: [{exe_path: a, sampler: {name: traceidratio, arg: 5}}]}", "beyla.yml:1:75: discovery.instrument[0].sampler.arg is '5': ")]
    [InlineData("filter: {application: {url.pth: {match: a}}}", "beyla.yml:1:24: filter.application.url.pth is 'url.pth': no such attribute can be filtered by; did you mean url.path?")]
    public void An_error_names_what_is_wrong_and_not_what_comes_of_it(string yaml, params string[] beginnings)
    {
        var errors = Configured.By(yaml).Errors;
        Assert.Equal(beginnings.Length, errors.Count);
        Assert.All(errors.Zip(beginnings), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "OTEL_RESOURCE_ATTRIBUTES is 'foo': give pairs such as deployment.environment.name=production,team=shop.")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS is not understood: give pairs such as authorization=Bearer%20token,x-tenant=7.")]
    public void Pairs_are_explained_by_some_of_their_kind(string variable, string expected) =>
        Assert.Equal(expected, Assert.Single(Configured.ByVariables((variable, "foo")).Errors));

    [Theory]
    [InlineData("rpc_server_call_duration: {include: [rpc.method]}")]
    [InlineData("traces: {include: ['rpc.*', url_query]}")]
    [InlineData("'*': {include: [rpc_method, http.route], exclude: [k8s.pod.name]}")]
    public void What_is_here_of_a_family_of_Beyla_is_taken(string select) =>
        Assert.NotEmpty(Assert.Single(Configured.Well($"attributes: {{select: {{{select}}}}}").Session.Attributes.Select).Include);

    [Fact]
    public void A_selector_with_a_criterion_that_cannot_be_judged_selects_nothing()
    {
        var loaded = Configured.By("discovery: {instrument: [{exe_path: '*', k8s_namespace: prod}, {open_ports: 80}]}");
        Assert.Contains("the item is left out", Assert.Single(loaded.Warnings), StringComparison.Ordinal);
        Assert.Equal("80", Assert.Single(loaded.Settings.Session.Discovery.Selectors).OpenPorts.ToString());
    }

    [Fact]
    public void Lists_of_regular_expressions_count_where_there_is_none_of_globs()
    {
        var settings = Configured.Well("discovery: {services: [{exe_path: 'a.c', name: x}], exclude_services: [{exe_path_regexp: b}], default_exclude_services: []}\nopen_port: 80");
        var selectors = settings.Session.Discovery.Selectors;
        Assert.Equal(("a.c", null, "x"), (selectors[0].ExecutableName, selectors[0].ExecutableGlob, selectors[0].ServiceName));
        Assert.Equal("80", selectors[1].OpenPorts.ToString());
        Assert.Equal("b", Assert.Single(settings.Session.Discovery.Exclusions).ExecutableName);
        Assert.Equal((false, true), (settings.Session.Discovery.UseDefaultExclusions, settings.Session.Discovery.InstrumentSelf));

        var loaded = Configured.By("discovery: {services: [{exe_path: a}], instrument: [{exe_path: b}]}");
        Assert.Equal("b", Assert.Single(loaded.Settings.Session.Discovery.Selectors).ExecutableGlob);
        Assert.StartsWith("beyla.yml:1:13: discovery.services is not used", Assert.Single(loaded.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_for_all_signals_is_weaker_than_what_the_file_says_of_one()
    {
        var settings = Configured.Well(
            "otel_traces_export: {endpoint: 'http://traces:1/x', headers: {a: own}}",
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=all,b=all"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "1500"),
            ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "2500"));
        var shown = EffectiveConfiguration.ToYaml(new(settings, new(), [], [], []));
        Assert.Contains("  endpoint: \"http://traces:1/x\"", shown, StringComparison.Ordinal);
        Assert.Contains("  endpoint: \"http://all:4318/v1/metrics\"", shown, StringComparison.Ordinal);
        Assert.Contains("  timeout: 1.5s", shown, StringComparison.Ordinal);
        Assert.Contains("  timeout: 2.5s", shown, StringComparison.Ordinal);
        Assert.True(settings.Otlp.Traces.Enabled && settings.Otlp.Metrics.Enabled);
        Assert.Equal(("own", "all"), (settings.Otlp.Traces.Headers["a"], settings.Otlp.Headers["b"]));
    }

    [Fact]
    public void A_socket_for_all_signals_is_the_socket_of_each() =>
        Assert.Equal(
            2,
            EffectiveConfiguration.ToYaml(Configured.ByVariables(("OTEL_EXPORTER_OTLP_ENDPOINT", "unix:///run/otel.sock"))).Split("endpoint: \"unix:///run/otel.sock\"  # OTEL_EXPORTER_OTLP_ENDPOINT\n").Length - 1);

    [Fact]
    public void Variables_of_OpenTelemetry_have_milliseconds()
    {
        var otlp = Configured.Well("", ("OTEL_BSP_SCHEDULE_DELAY", "1500"), ("OTEL_METRIC_EXPORT_INTERVAL", "2500"), ("OTEL_BSP_MAX_QUEUE_SIZE", "9"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "8")).Otlp;
        Assert.Equal((1.5, 2.5, 9, 8), (otlp.Traces.BatchTimeout.TotalSeconds, otlp.Metrics.Interval.TotalSeconds, otlp.Traces.QueueSize, otlp.Traces.MaxBatchSize));
        Assert.Equal("OTEL_BSP_SCHEDULE_DELAY is '5s': give a number of milliseconds above 0.", Assert.Single(Configured.ByVariables(("OTEL_BSP_SCHEDULE_DELAY", "5s")).Errors));
    }

    [Fact]
    public void As_in_Beyla_the_variable_of_the_protocol_wins_over_the_file()
    {
        var settings = Configured.Well("otel_traces_export: {protocol: grpc}", ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        Assert.Equal(OtlpProtocol.HttpProtobuf, settings.Otlp.Traces.Protocol);
    }
}
