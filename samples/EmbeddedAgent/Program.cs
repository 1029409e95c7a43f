using Beyla.Discovery;
using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Watches whatever listens on port 8080 and tells of slow and failed requests. Needs the rights that the agent needs.
var builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddBeyla(options =>
    {
        options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Parse("8080") });
        options.Routes.Patterns.Add("/user/{id}/info");
    })
    .AddSink<TroubleSink>();
builder.Build().Run();

internal sealed class TroubleSink : ISpanSink
{
    public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        foreach (var span in batch.Span)
        {
            if (span is HttpSpan http && (http.Status == SpanStatus.Error || http.Duration > TimeSpan.FromMilliseconds(250)))
            {
                Console.WriteLine($"{http.Service.Name}: {http.Name} answered {http.StatusCode} after {http.Duration.TotalMilliseconds:F1} ms");
            }
        }

        return ValueTask.CompletedTask;
    }
}
