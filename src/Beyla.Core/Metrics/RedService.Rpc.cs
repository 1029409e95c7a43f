using Beyla.Tracing;

namespace Beyla.Metrics;

/// <content>How a remote procedure call becomes metrics.</content>
public sealed partial class RedService
{
    private SeriesTable<RpcSeriesKey>[]? _rpcServer;
    private SeriesTable<RpcSeriesKey>[]? _rpcClient;

    /// <summary>Records a remote procedure call.</summary>
    /// <returns>Whether it was recorded; if not, it was rejected and counted.</returns>
    public bool RecordRpc(in RpcMeasurement measurement)
    {
        if (!Accepts(measurement.DurationSeconds))
        {
            return false;
        }

        var tables = RpcTables(measurement.Kind);
        var key = new RpcSeriesKey(measurement, tables[0].Layout.IsStandard);
        Record(tables, key, [measurement.DurationSeconds], measurement.Exemplar);
        return true;
    }

    /// <summary>Whether any RPC metric shows the client's address, which otherwise need not be told.</summary>
    internal bool WantsRpcClient(SpanKind kind) => Wants(RpcTables(kind), RpcSeriesKey.ClientPlace);

    private SeriesTable<RpcSeriesKey>[] RpcTables(SpanKind kind) => kind == SpanKind.Server
        ? _rpcServer ??= AddTables<RpcSeriesKey>(MetricRegistry.RpcServer)
        : _rpcClient ??= AddTables<RpcSeriesKey>(MetricRegistry.RpcClient);
}
