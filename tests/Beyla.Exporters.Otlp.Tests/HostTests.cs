using Beyla.Exporters.Prometheus;
using Beyla.Sinks;

namespace Beyla.Exporters.Otlp.Tests;

public sealed class HostTests
{
    [Fact]
    public async Task A_host_picks_its_exporters_with_one_line_each()
    {
        var services = new ServiceCollection();
        services.AddBeyla().AddOtlpExporter(otlp => otlp.Endpoint = new Uri("http://localhost:4318")).AddPrometheusExporter(prometheus => prometheus.Port = 9400);
        await using var provider = services.BuildServiceProvider();
        Assert.IsType<OtlpTraceSink>(Assert.Single(provider.GetServices<ISpanSink>()));
        Assert.Equal([typeof(OtlpMetricsExporter), typeof(PrometheusExporter)], provider.GetServices<ISessionExporter>().Select(exporter => exporter.GetType()));
        await using var session = provider.GetRequiredService<IInstrumentationSession>();
        Assert.Contains(session.GetStatistics().Sinks, sink => sink.Name == nameof(OtlpTraceSink));
    }

    [Fact]
    public void Wrong_options_are_told_where_they_are_set()
    {
        var builder = InstrumentationSession.CreateBuilder();
        Assert.Throws<ArgumentException>(() => builder.AddPrometheusExporter(_ => { }));
        Assert.Throws<ArgumentException>(() => builder.AddOtlpExporter(otlp => otlp.Traces.MaxBatchSize = 0));
    }
}
