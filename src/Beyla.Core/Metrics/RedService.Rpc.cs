using Beyla.Tracing;

namespace Beyla.Metrics;

/// <content>How a remote procedure call becomes metrics.</content>
public sealed partial class RedService
{
    private GroupTables<RpcSeriesKey>? _rpcServer;
    private GroupTables<RpcSeriesKey>? _rpcClient;

    /// <summary>Records a remote procedure call.</summary>
    /// <returns>Whether it was recorded; if not, it was rejected and counted.</returns>
    public bool RecordRpc(in RpcMeasurement measurement)
    {
        if (!Accepts(measurement.DurationSeconds))
        {
            return false;
        }

        var key = new RpcSeriesKey(measurement.Method, measurement.System, measurement.Status, measurement.ServerAddress, (ushort)measurement.ServerPort);
        Record(RpcTables(measurement.Kind), key, new OptionalAttributes(measurement.ClientAddress, null), [measurement.DurationSeconds], measurement.Exemplar);
        return true;
    }

    /// <summary>Whether any RPC metric shows the client's address, which otherwise need not be told.</summary>
    internal bool WantsRpcClient(SpanKind kind) => RpcTables(kind).WantsOptional;

    private GroupTables<RpcSeriesKey> RpcTables(SpanKind kind) => kind == SpanKind.Server
        ? _rpcServer ??= AddTables<RpcSeriesKey>(MetricRegistry.RpcServer)
        : _rpcClient ??= AddTables<RpcSeriesKey>(MetricRegistry.RpcClient);
}
