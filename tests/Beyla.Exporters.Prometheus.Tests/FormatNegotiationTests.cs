namespace Beyla.Exporters.Prometheus.Tests;

public sealed class FormatNegotiationTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private const string First = "application/openmetrics-text; version=0.0.1; charset=utf-8";

    [Theory]
    [InlineData(null, Text)]
    [InlineData("", Text)]
    [InlineData("*/*", Text)]
    [InlineData("application/*", Text)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Text)]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData("APPLICATION/OpenMetrics-Text; Version=1.0.0", OpenMetrics)]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"", OpenMetrics)]
    [InlineData("application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", First)]
    [InlineData("application/openmetrics-text; version=2.0.0", Text)]
    [InlineData("application/openmetrics-text; q=0", Text)]
    [InlineData("application/openmetrics-text; q=nonsense", Text)]
    [InlineData("application/openmetrics-text;q=0.3,text/plain;q=0.5", Text)]
    [InlineData("application/openmetrics-text;q=0.5,text/plain;q=0.5", OpenMetrics)]
    [InlineData("text/plain;q=0.2,application/openmetrics-text;q=0.1;version=0.0.1,application/openmetrics-text;version=1.0.0;q=0.4", OpenMetrics)]
    [InlineData(",,;,application/openmetrics-text;;q=1;,", OpenMetrics)]
    // Prometheus 2.42, and 3.x with native histograms on.
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", OpenMetrics)]
    public void The_scraper_gets_what_it_prefers_of_what_there_is(string? accept, string expected)
    {
        var (format, contentType) = FormatNegotiation.Choose(accept);

        Assert.Equal(expected, contentType);
        Assert.Equal(expected == Text ? ExpositionFormat.PrometheusText : ExpositionFormat.OpenMetrics, format);
    }
}
