namespace Beyla.Exporters.Prometheus.Tests;

public sealed class PrometheusTextWriterTests
{
    [Fact]
    public void Counters_and_gauges_are_written_with_help_type_and_labels()
    {
        var text = Scrape.Text(writer =>
        {
            writer.Family("beyla_spans_total", PrometheusMetricType.Counter, "Spans made");
            writer.Sample("beyla_spans_total", 12345678901, new PrometheusLabel("sink", "console"), new("reason", ""));
            writer.Family("beyla_ring_usage_ratio", PrometheusMetricType.Gauge, "A \\ and\na line");
            writer.Sample("beyla_ring_usage_ratio", 0.25);
        });

        Assert.Equal(
            """
            # HELP beyla_spans_total Spans made
            # TYPE beyla_spans_total counter
            beyla_spans_total{sink="console"} 12345678901
            # HELP beyla_ring_usage_ratio A \\ and\na line
            # TYPE beyla_ring_usage_ratio gauge
            beyla_ring_usage_ratio 0.25

            """,
            text);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1e300, "1E+300")]
    [InlineData(-double.Epsilon, "-5E-324")]
    [InlineData(0.1, "0.1")]
    [InlineData(-1.2345678901234568e-300, "-1.2345678901234568E-300")]
    public void Numbers_are_written_as_short_as_they_read_back(double value, string expected)
    {
        Assert.Equal($"x {expected}\n", Scrape.Text(writer => writer.Sample("x", value)));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a\\b\"c\nd")]
    [InlineData("\\\\\\\\\"\"\"\"\n\n\n\n")]
    [InlineData("grüße, 漢字, 🙂")]
    public void Label_values_read_back_whatever_they_hold(string value)
    {
        var text = Scrape.Text(writer =>
        {
            writer.Family("x", PrometheusMetricType.Gauge, "X");
            writer.Sample("x", 1, new PrometheusLabel("v", value));
        });

        Assert.Equal(value, Assert.Single(Exposition.Parse(text).Samples)["v"]);
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_spoil_the_encoding()
    {
        var text = Scrape.Text(writer => writer.Sample("x", 1, new PrometheusLabel("v", "a\ud83d")));

        Assert.Equal("x{v=\"a\ufffd\"} 1\n", text);
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", "http_server_request_duration_seconds")]
    [InlineData("http.client.response.body.size", "By", "http_client_response_body_size_bytes")]
    [InlineData("gen_ai.client.token-usage", "{token}", "gen_ai_client_token_usage")]
    public void Names_follow_the_OpenTelemetry_rules(string name, string unit, string expected)
    {
        Assert.Equal(expected, PrometheusNames.Metric(name, unit));
    }
}
