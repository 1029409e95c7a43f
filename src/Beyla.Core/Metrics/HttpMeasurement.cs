using Beyla.Tracing;

namespace Beyla.Metrics;

/// <summary>What the metrics take of an HTTP exchange. What is left out is not known.</summary>
public readonly ref struct HttpMeasurement
{
    /// <summary>Nothing known but what is set.</summary>
    public HttpMeasurement()
    {
    }

    /// <summary>Which end the service is; selects http.server.* or http.client.*.</summary>
    public required SpanKind Kind { get; init; }

    /// <summary>Request method as sent; one that is not in <see cref="RedOptions.KnownHttpMethods"/> becomes <c>_OTHER</c>, an empty one (not seen) leaves the attribute out.</summary>
    public required ReadOnlySpan<byte> Method { get; init; }

    /// <summary>Status of the final response; 0 when none was seen.</summary>
    public int StatusCode { get; init; }

    /// <summary>Low-cardinality template of the path.</summary>
    public string? Route { get; init; }

    /// <summary>Whether the exchange was encrypted.</summary>
    public bool IsHttps { get; init; }

    /// <summary>Host name or address of the server.</summary>
    public string? ServerAddress { get; init; }

    /// <summary>Port of the server; 0 when not known.</summary>
    public int ServerPort { get; init; }

    /// <summary>Path without query; of use only if <c>url.path</c> is selected for a metric.</summary>
    public string? Path { get; init; }

    /// <summary>Address of the client; of use only if <c>client.address</c> is selected for a metric.</summary>
    public string? ClientAddress { get; init; }

    /// <summary>Seconds from request to end of response. An exchange whose duration is negative or not finite is rejected and counted.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Size of the request's content in bytes; -1 when not known, which leaves the size histogram alone.</summary>
    public long RequestBytes { get; init; } = -1;

    /// <summary>Size of the response's content in bytes; -1 when not known.</summary>
    public long ResponseBytes { get; init; } = -1;

    /// <summary>The span that may stand for the buckets' values; its <see cref="MetricExemplar.Value"/> is of no meaning here. <c>default</c>: none.</summary>
    public MetricExemplar Exemplar { get; init; }
}
