using Beyla.Metrics;

namespace Beyla.Exporters.Prometheus.Tests;

public sealed class OpenMetricsTests
{
    [Fact]
    public void Families_have_their_types_units_and_names_without_suffix()
    {
        var text = Scrape.Text(static writer =>
        {
            writer.Family("beyla_build_info", PrometheusMetricType.Info, "Say \"what\"");
            writer.Sample("beyla_build_info", 1, new PrometheusLabel("version", "1"));
            writer.Family("beyla_cpu_seconds_total", PrometheusMetricType.Counter, "Time");
            writer.Sample("beyla_cpu_seconds_total", 0.5);
            writer.Family("beyla_ring_size_bytes", PrometheusMetricType.Gauge, "Size");
            writer.Sample("beyla_ring_size_bytes", 65536);
            writer.End();
        }, ExpositionFormat.OpenMetrics);

        Assert.Equal(
            """
            # HELP beyla_build Say \"what\"
            # TYPE beyla_build info
            beyla_build_info{version="1"} 1
            # HELP beyla_cpu_seconds Time
            # TYPE beyla_cpu_seconds counter
            # UNIT beyla_cpu_seconds seconds
            beyla_cpu_seconds_total 0.5
            # HELP beyla_ring_size_bytes Size
            # TYPE beyla_ring_size_bytes gauge
            # UNIT beyla_ring_size_bytes bytes
            beyla_ring_size_bytes 65536
            # EOF

            """,
            text);
    }

    [Fact]
    public void An_exemplar_stands_at_its_bucket_and_bounds_are_floats()
    {
        MetricExemplar[] exemplars =
        [
            new(30, 0x0102030405060708, 0x090a0b0c0d0e0f10, 0xa1a2a3a4a5a6a7a8, 1_700_000_000_250_000_000),
            new(0.5, 1, 2, 3, 1_700_000_001_000_999_999),
        ];

        Assert.Equal(
            """
            h_bucket{a="b",le="0.0"} 0
            h_bucket{a="b",le="0.5"} 1 # {trace_id="00000000000000010000000000000002",span_id="0000000000000003"} 0.5 1700000001.000
            h_bucket{a="b",le="10.0"} 3
            h_bucket{a="b",le="+Inf"} 4 # {trace_id="0102030405060708090a0b0c0d0e0f10",span_id="a1a2a3a4a5a6a7a8"} 30 1700000000.250
            h_sum{a="b"} 34.5
            h_count{a="b"} 4

            """,
            Histogram(exemplars, ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public void The_older_format_has_no_place_for_exemplars()
    {
        Assert.DoesNotContain("trace_id", Histogram([new(0.5, 1, 2, 3, 4)], ExpositionFormat.PrometheusText));
    }

    [Fact]
    public void A_page_ends_once_and_has_no_created_series()
    {
        var store = new RedStore();
        store.Register(Scrape.Info()).Get("/");
        var text = Scrape.Text(writer =>
        {
            new RedMetricsPage(store, Scrape.Host).Write(writer);
            writer.End();
        }, ExpositionFormat.OpenMetrics);

        Assert.EndsWith("\n# EOF\n", text);
        Assert.Single(text.Split('\n'), static line => line == "# EOF");
        Assert.DoesNotContain("_created", text);
        Assert.Contains("# TYPE target info\n", text);
        Assert.Contains("# UNIT http_server_request_duration_seconds seconds\n", text);
    }

    private static string Histogram(MetricExemplar[] exemplars, ExpositionFormat format) => Scrape.Text(writer =>
    {
        double[] bounds = [0, 0.5, 10];
        writer.Histogram("h", "a=\"b\""u8, [.. bounds.Select(writer.Bound)], [0, 1, 2, 1], 34.5, exemplars, bounds);
    }, format);
}
