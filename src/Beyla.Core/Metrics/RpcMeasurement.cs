using Beyla.Tracing;

namespace Beyla.Metrics;

/// <summary>What the metrics take of a remote procedure call. What is left out is not known.</summary>
public readonly ref struct RpcMeasurement
{
    /// <summary>Which end the service is; selects rpc.server.* or rpc.client.*.</summary>
    public required SpanKind Kind { get; init; }

    /// <summary><c>rpc.system.name</c>, such as <c>grpc</c>.</summary>
    public required string System { get; init; }

    /// <summary>Service and method, such as <c>shop.v1.Orders/Place</c>; of low cardinality.</summary>
    public string? Method { get; init; }

    /// <summary>Status in the system's own words, such as <c>NOT_FOUND</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Host name or address of the server.</summary>
    public string? ServerAddress { get; init; }

    /// <summary>Port of the server; 0 when not known.</summary>
    public int ServerPort { get; init; }

    /// <summary>Address of the client; of use only if <c>client.address</c> is selected for a metric.</summary>
    public string? ClientAddress { get; init; }

    /// <summary>Seconds from request to status. A call whose duration is negative or not finite is rejected and counted.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The span that may stand for the bucket's value; its <see cref="MetricExemplar.Value"/> is of no meaning here. <c>default</c>: none.</summary>
    public MetricExemplar Exemplar { get; init; }
}
