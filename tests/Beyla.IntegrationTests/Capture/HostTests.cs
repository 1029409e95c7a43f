using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Beyla.Discovery;
using Beyla.Exporters.Otlp;
using Beyla.Sinks;
using Beyla.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Beyla.IntegrationTests.Capture;

/// <summary>A host with the OpenTelemetry SDK gets what a real session sees, by every way out.</summary>
[Trait("kind", "capture")]
public sealed class HostTests
{
    private const int Asked = 50;

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meters_activities_and_a_channel_tell_of_every_request()
    {
        Root.Require();
        await using var server = await NamedServer.StartAsync("hosted", Cancellation);
        var metrics = new List<Metric>();
        var activities = new List<Activity>();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddOpenTelemetry()
            .WithMetrics(provider => provider
                .AddMeter(BeylaInstrumentation.MeterName, BeylaInstrumentation.InternalMeterName)
                .AddInMemoryExporter(metrics, reader => reader.TemporalityPreference = MetricReaderTemporalityPreference.Cumulative))
            .WithTracing(provider => provider.AddSource(BeylaInstrumentation.ActivitySourceName).AddInMemoryExporter(activities));
        builder.Services
            .AddBeyla(options => options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Port) }))
            .AddActivitySource()
            .AddChannel();
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        var channel = host.Services.GetRequiredService<ChannelSpanSink>();
        var reading = channel.ReadAllAsync(Cancellation).Select(span => span.TraceId).ToListAsync(Cancellation).AsTask();
        for (var i = 0; i < Asked; i++)
        {
            await Requests.GetAsync(server.Port, "/hosted", Cancellation);
        }

        await host.StopAsync(Cancellation);
        var read = await reading;
        Assert.Equal(Asked, read.Count);
        Assert.Equal(read.ToHashSet(), activities.Select(activity => activity.TraceId).ToHashSet());
        Assert.All(activities, activity => Assert.Equal(("hosted", 200L), ((string?)activity.GetTagItem("service.name"), (long)activity.GetTagItem("http.response.status_code")!)));

        metrics.Clear();
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        Assert.Equal(Asked, Total(metrics, "http.server.request.duration", "service.name=hosted"));
        Assert.Equal(Asked, Total(metrics, "beyla.exchanges.captured", ""));
        Assert.Equal(Asked, Total(metrics, "beyla.channel.spans", "outcome=read"));
        Assert.True(Total(metrics, "beyla.ring.records", "") >= Asked);
    }

    [Fact]
    public async Task Collectors_that_are_away_or_hang_hold_up_nothing()
    {
        Root.Require();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = await NamedServer.StartAsync("unheard", Cancellation);
        var session = InstrumentationSession.CreateBuilder()
            .Configure(options =>
            {
                options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Port) });
                options.ShutdownTimeout = TimeSpan.FromSeconds(1);
            })
            .AddOtlpExporter(otlp =>
            {
                otlp.Endpoint = new Uri("http://127.0.0.1:1");
                otlp.Metrics.Interval = TimeSpan.FromMilliseconds(20);
                otlp.Traces.BatchTimeout = TimeSpan.Zero;
            })
            .AddOtlpExporter(otlp =>
            {
                otlp.Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
                otlp.Protocol = OtlpProtocol.HttpProtobuf;
                otlp.Metrics.Interval = TimeSpan.FromMilliseconds(20);
                otlp.Traces.BatchTimeout = TimeSpan.Zero;
            })
            .AddChannel(out var channel)
            .Build();
        await using (session)
        {
            await session.StartAsync(Cancellation);
            for (var i = 0; i < Asked; i++)
            {
                await Requests.GetAsync(server.Port, "/unheard", Cancellation);
            }

            await session.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            Assert.Equal(Asked, await channel.ReadAllAsync(Cancellation).CountAsync(Cancellation));
            Assert.Equal(Asked, RequestCount.Of(session.Metrics));
            Assert.Equal((Asked, 0L), (session.GetStatistics().Exported, session.GetStatistics().Dropped));
            var told = TelemetryValues.Of(session.Telemetry).ByInstrument.ToDictionary(pair => pair.Key.Name, pair => pair.Value);
            Assert.Equal(0, told["beyla.otel.trace.exports"].Sum(value => value.Value));
            Assert.Equal(2 * Asked, told["beyla.otel.trace.drops"].Sum(value => value.Value));
            Assert.Contains(told["beyla.otel.trace.export.errors"], value => value is { Value: > 0, Attributes: ["connection"] });
        }
    }

    private static long Total(List<Metric> metrics, string name, string tag)
    {
        var total = 0L;
        foreach (ref readonly var point in metrics.Single(metric => metric.Name == name).GetMetricPoints())
        {
            var tags = new List<string> { "" };
            foreach (var (key, value) in point.Tags)
            {
                tags.Add(string.Create(CultureInfo.InvariantCulture, $"{key}={value}"));
            }

            if (tags.Contains(tag))
            {
                total += name.StartsWith("http.", StringComparison.Ordinal) ? point.GetHistogramCount() : point.GetSumLong();
            }
        }

        return total;
    }
}
