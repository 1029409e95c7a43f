namespace Beyla.Agent.Tests.Configuration;

/// <summary>Options that are right by themselves and don't get along.</summary>
public sealed class ConflictTests
{
    [Fact]
    public void Two_pages_at_one_port_and_path_are_one_page_and_no_conflict()
    {
        Configured.Well("prometheus_export: {port: 9090}\ninternal_metrics: {prometheus: {port: 9090, path: /metrics}}");
        Configured.Well("prometheus_export: {port: 9090}\ninternal_metrics: {prometheus: {port: 9091, path: /metrics}}");
        Configured.Well("prometheus_export: {port: 9090}\ninternal_metrics: {exporter: disabled, prometheus: {path: /metrics}}");
    }

    [Fact]
    public void Internal_metrics_by_OTLP_need_a_collector_and_no_port()
    {
        var errors = Configured.By("internal_metrics: {exporter: otel, prometheus: {port: 6060}}").Errors;
        Assert.Equal(
            [
                "beyla.yml:1:30: internal_metrics.exporter is otel, but no collector is named: set otel_metrics_export.endpoint or OTEL_EXPORTER_OTLP_ENDPOINT.",
                "beyla.yml:1:55: internal_metrics.prometheus.port is 6060 while beyla.yml:1:30: internal_metrics.exporter is otel: leave one of them out.",
            ],
            errors);
        Assert.True(Configured.Well("internal_metrics: {exporter: otel}", ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")).Otlp.Metrics.ExportTelemetry);
    }

    [Fact]
    public void Exporters_share_one_store()
    {
        var loaded = Configured.By("prometheus_export: {ttl: 1m, buckets: {duration_histogram: [1]}}\notel_metrics_export: {ttl: 2m, buckets: {duration_histogram: [1]}}");
        Assert.Equal(
            "beyla.yml:2:28: otel_metrics_export.ttl is not used, because beyla.yml:1:26: prometheus_export.ttl says something else, and both exporters share one store.",
            Assert.Single(loaded.Warnings));
        Assert.Equal(TimeSpan.FromMinutes(1), loaded.Settings.Session.Metrics.Ttl);
    }

    [Theory]
    [InlineData("duration_histogram")]
    [InlineData("request_size_histogram")]
    [InlineData("response_size_histogram")]
    public void Bounds_that_are_not_used_are_named_with_those_that_are(string histogram)
    {
        var loaded = Configured.By($"prometheus_export: {{buckets: {{{histogram}: [1]}}}}\notel_metrics_export: {{buckets: {{{histogram}: [2]}}}}");
        var warning = Assert.Single(loaded.Warnings);
        Assert.Contains($"otel_metrics_export.buckets.{histogram} is not used, because", warning, StringComparison.Ordinal);
        Assert.Contains($"prometheus_export.buckets.{histogram} says something else", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_of_requests_and_of_responses_have_bounds_of_their_own()
    {
        var metrics = Configured.Well("prometheus_export: {buckets: {request_size_histogram: [1]}}\notel_metrics_export: {buckets: {response_size_histogram: [2]}}").Session.Metrics;
        Assert.Equal([1], metrics.RequestSizeBuckets);
        Assert.Equal([2], metrics.ResponseSizeBuckets);
    }

    [Fact]
    public void Bounds_that_do_not_rise_are_refused_where_they_were_written() =>
        Assert.StartsWith(
            "beyla.yml:1:61: prometheus_export.buckets.duration_histogram[1] is 1, not above",
            Assert.Single(Configured.By("prometheus_export: {buckets: {duration_histogram: [      2, 1]}}").Errors),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("metrics: {features: []}", false)]
    [InlineData("metrics: {features: ['*']}", true)]
    [InlineData("metrics: {features: [application]}\nprometheus_export: {port: 1, features: []}", false)]
    [InlineData("metrics: {features: []}\nprometheus_export: {port: 0, features: [application]}", false)]
    public void The_features_of_an_exporter_that_is_used_replace_the_common_ones(string yaml, bool exports) =>
        Assert.Equal(exports, Configured.Well(yaml).ExportsMetrics);

    [Fact]
    public void An_exporter_is_used_as_well_by_the_endpoint_of_all_signals() =>
        Assert.False(Configured.Well("otel_metrics_export: {features: []}", ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")).ExportsMetrics);

    [Fact]
    public void Both_exporters_have_the_same_features()
    {
        var loaded = Configured.By("otel_metrics_export: {endpoint: 'http://x', features: [all]}\nprometheus_export: {port: 1, features: []}");
        Assert.True(loaded.Settings.ExportsMetrics);
        Assert.Equal(
            "beyla.yml:2:30: prometheus_export.features is not used, because beyla.yml:1:45: otel_metrics_export.features says something else, and both exporters have the same metrics.",
            Assert.Single(loaded.Warnings));
        Configured.Well("otel_metrics_export: {endpoint: 'http://x', features: [all]}\nprometheus_export: {port: 1, features: [application]}");
    }

    [Fact]
    public void What_is_wrong_with_the_features_of_one_exporter_does_not_hide_what_is_with_the_other()
    {
        var loaded = Configured.By("otel_metrics_export: {endpoint: 'http://x', features: [application_span, none]}\nprometheus_export: {port: 9, features: [network, nothing]}");
        Assert.Equal(
            [
                "beyla.yml:1:56: otel_metrics_export.features[0] is application_span, a group of metrics of Beyla that is not available here; it has no effect.",
                "beyla.yml:2:41: prometheus_export.features[0] is network, a group of metrics of Beyla that is not available here; it has no effect.",
            ],
            loaded.Warnings);
        Assert.Equal(["beyla.yml:1:74: otel_metrics_export.features[1] is 'none'", "beyla.yml:2:50: prometheus_export.features[1] is 'nothing'"], loaded.Errors.Select(error => error.Split(": there")[0]));
    }

    [Fact]
    public void An_unknown_feature_is_refused() =>
        Assert.StartsWith("beyla.yml:1:22: metrics.features[0] is 'applications': ", Assert.Single(Configured.By("metrics: {features: [applications]}").Errors), StringComparison.Ordinal);

    [Fact]
    public void Grafana_Cloud_needs_a_zone_a_user_and_a_key()
    {
        Assert.Equal(
            [
                "grafana.otlp.cloud_zone (default) is '': give the zone of the stack, such as prod-eu-west-0, or an endpoint of your own.",
                "grafana.otlp.cloud_instance_id (default) is missing: Grafana Cloud wants both a user and a key.",
            ],
            Configured.ByVariables(("GRAFANA_CLOUD_API_KEY", "k")).Errors);
        Assert.StartsWith("GRAFANA_CLOUD_ZONE is 'x/y'", Assert.Single(Configured.ByVariables(("GRAFANA_CLOUD_API_KEY", "k"), ("GRAFANA_CLOUD_INSTANCE_ID", "1"), ("GRAFANA_CLOUD_ZONE", "x/y")).Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("traceidratio", "2", "OTEL_TRACES_SAMPLER_ARG is '2': give a ratio from 0 to 1, such as 0.1.")]
    [InlineData("parentbased_traceidratio", "much", "OTEL_TRACES_SAMPLER_ARG is 'much': give a ratio from 0 to 1, such as 0.1.")]
    [InlineData("sometimes", "2", "OTEL_TRACES_SAMPLER is 'sometimes'", "OTEL_TRACES_SAMPLER_ARG is '2'")]
    [InlineData("always_on", "2")]
    public void A_wrong_name_and_a_wrong_argument_of_a_sampler_are_each_told_by_itself(string name, string argument, params string[] beginnings)
    {
        var errors = Configured.ByVariables(("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument)).Errors;
        Assert.Equal(beginnings.Length, errors.Count);
        Assert.All(errors.Zip(beginnings), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Fact]
    public void The_argument_of_a_sampler_without_the_sampler_has_no_effect() =>
        Assert.StartsWith("beyla.yml:1:37: otel_traces_export.sampler.arg has no effect", Assert.Single(Configured.By("otel_traces_export: {sampler: {arg: 0.5}}").Warnings), StringComparison.Ordinal);
}
