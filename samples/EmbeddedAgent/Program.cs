using Beyla.Discovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Watches whatever listens on port 8080, or on the ports that "Beyla:Ports" says (--Beyla:Ports=9090,9100-9110): tells of slow
// and failed requests, serves metrics at http://localhost:9400/metrics, and sends everything to a collector if
// OTEL_EXPORTER_OTLP_ENDPOINT names one. Needs the rights that the agent needs.
var builder = Host.CreateApplicationBuilder(args);
var beyla = builder.Services
    .AddBeyla(options =>
    {
        options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Parse(builder.Configuration["Beyla:Ports"] ?? "8080") });
        options.Routes.Patterns.Add("/user/{id}/info");
    })
    .AddChannel()
    .AddPrometheusExporter(prometheus => prometheus.Port = 9400);
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
{
    beyla.AddOtlpExporter();
}

builder.Services.AddHealthChecks().AddBeyla();
builder.Services.AddHostedService<TroubleReporter>();
builder.Services.AddHostedService<HealthReporter>();
builder.Build().Run();
