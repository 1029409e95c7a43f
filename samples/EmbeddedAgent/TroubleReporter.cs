using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Tracing;
using Microsoft.Extensions.Hosting;

/// <summary>Pulls spans at its own pace, and tells of requests that failed or took long. Ends by itself when the session has stopped.</summary>
internal sealed class TroubleReporter(ChannelSpanSink spans) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var span in spans.ReadAllAsync(stoppingToken))
        {
            if (span is HttpSpan http && (http.Status == SpanStatus.Error || http.Duration > TimeSpan.FromMilliseconds(250)))
            {
                Console.WriteLine($"{http.Service.Name}: {http.Name} answered {http.StatusCode} after {http.Duration.TotalMilliseconds:F1} ms");
            }
        }
    }
}
