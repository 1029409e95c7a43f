namespace Beyla.Exporters.Otlp.Tests;

/// <summary>What most tests of sending begin with.</summary>
internal static class Setup
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static OtlpExporterOptions Options(Collector collector, OtlpProtocol protocol, Action<OtlpExporterOptions>? configure = null)
    {
        var options = new OtlpExporterOptions
        {
            Endpoint = protocol == OtlpProtocol.Grpc ? collector.Grpc : collector.Http,
            Protocol = protocol,
            // Long enough for a busy machine, short enough for the ends of those that never get through.
            Timeout = TimeSpan.FromSeconds(2),
            RetryInitialInterval = TimeSpan.FromMilliseconds(20),
            RetryMaxInterval = TimeSpan.FromMilliseconds(100),
            Traces = { BatchTimeout = TimeSpan.FromMilliseconds(20) },
        };
        configure?.Invoke(options);
        return options;
    }

    internal static async Task Until(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Deadline);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
