using System.Text.Json;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>A call as its client saw it.</summary>
internal sealed record RpcTruth(RpcCall Call, string Method, int Status, int Responses, int ResponseBytes, TimeRange Time)
{
    public static IReadOnlyList<RpcTruth> Read(string file, IReadOnlyList<RpcCall> plan)
    {
        var calls = plan.ToDictionary(static call => call.Id, StringComparer.Ordinal);
        return [.. TruthLog.WholeLines(file).Select(line => Parse(line, calls))];
    }

    private static RpcTruth Parse(string line, Dictionary<string, RpcCall> calls)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new RpcTruth(
            calls[root.GetProperty("id").GetString()!],
            root.GetProperty("method").GetString()!,
            root.GetProperty("status").GetInt32(),
            root.GetProperty("responses").GetInt32(),
            root.GetProperty("responseBytes").GetInt32(),
            new TimeRange(root.GetProperty("startNs").GetInt64(), root.GetProperty("endNs").GetInt64()));
    }
}
