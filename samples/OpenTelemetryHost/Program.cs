using Beyla;
using Beyla.Discovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

// A host with an OpenTelemetry pipeline of its own: what is observed of the service on port 8080 goes through that pipeline,
// here to the console and to http://localhost:9464/metrics. Needs the rights that the agent needs.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics
        .AddMeter(BeylaInstrumentation.MeterName, BeylaInstrumentation.InternalMeterName)
        .AddPrometheusHttpListener())
    .WithTracing(tracing => tracing
        .AddSource(BeylaInstrumentation.ActivitySourceName)
        .AddConsoleExporter());
builder.Services
    .AddBeyla(options => options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Parse("8080") }))
    .AddActivitySource();
builder.Build().Run();
