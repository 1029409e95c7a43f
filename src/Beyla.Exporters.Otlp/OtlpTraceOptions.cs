namespace Beyla.Exporters.Otlp;

/// <summary>Options for traces.</summary>
public sealed class OtlpTraceOptions : OtlpConnectionOptions
{
    /// <summary>Whether spans are exported. Default <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Spans in one request at most. Default 4096, as in Beyla: about 1 MB, a quarter of what gRPC servers take by default.</summary>
    public int MaxBatchSize { get; set; } = 4096;

    /// <summary>Spans that wait for the collector at most; beyond it the oldest is dropped and counted. Default 16384.</summary>
    public int QueueSize { get; set; } = 16384;

    /// <summary>How long a span waits for its batch to fill at most. Default 5 seconds.</summary>
    public TimeSpan BatchTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
