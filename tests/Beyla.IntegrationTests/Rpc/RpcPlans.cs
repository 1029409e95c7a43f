using System.Globalization;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>Calls of every kind. Sizes differ from call to call, so that a call can be told from every other.</summary>
internal static class RpcPlans
{
    /// <summary>4 MiB with the five bytes that gRPC puts before them.</summary>
    private const int Large = (4 << 20) - 5;

    /// <summary>All kinds, many times over.</summary>
    public static IReadOnlyList<RpcCall> Mixed { get; } = Number(
    [
        .. Enumerable.Range(0, 60).Select(static i => new RpcCall("Unary") { Requests = [100 + i], Size = 200 + i }),
        .. Enumerable.Range(1, 16).Select(static i => new RpcCall("Unary") { Requests = [300 + i], Status = i, Count = 0, Size = 0 }),
        .. Enumerable.Range(0, 20).Select(static i => new RpcCall("Collect") { Requests = [400 + i, i, 1000 * i], Size = i }),
        .. Enumerable.Range(0, 20).Select(static i => new RpcCall("List") { Requests = [500 + i], Count = i, Size = 100 * i }),
        .. Enumerable.Range(0, 20).Select(static i => new RpcCall("Chat") { Requests = [600 + i, .. Enumerable.Repeat(20, i)], Size = 50 + i, Status = i % 3 }),
        .. Enumerable.Range(0, 10).Select(static i => new RpcCall("Missing") { Requests = [700 + i] }),
        .. Enumerable.Range(0, 10).Select(static i => new RpcCall("Unary") { Requests = [20_000 + i], Size = 30_000 + i, Sleep = 5 }),
        .. Enumerable.Range(0, 3).Select(static i => new RpcCall("Unary") { Requests = [Large - i], Size = Large - i }),
        .. Enumerable.Range(0, 3).Select(static i => new RpcCall("Unary") { Requests = [800 + i], Header = 60_000 }),
    ]);

    /// <summary>Calls that are given up, or run out of time, on a connection that is there already.</summary>
    public static IReadOnlyList<RpcCall> CutShort { get; } = Number(
    [
        new RpcCall("Unary"),
        .. Enumerable.Range(0, 5).Select(static i => new RpcCall("Unary") { Requests = [100 + i], Sleep = 3000, Deadline = 300, Gate = i == 0 }),
        .. Enumerable.Range(0, 5).Select(static i => new RpcCall("Unary") { Requests = [200 + i], Sleep = 3000, Cancel = 200 }),
        .. Enumerable.Range(0, 5).Select(static i => new RpcCall("List") { Requests = [300 + i], Sleep = 3000, Cancel = 200, Deadline = 60_000 }),
        .. Enumerable.Range(0, 5).Select(static i => new RpcCall("Unary") { Requests = [400 + i], Deadline = 60_000 }),
    ]);

    /// <summary>Messages that are compressed, whose sizes on the wire only the libraries know.</summary>
    public static IReadOnlyList<RpcCall> Compressed { get; } = Number(
    [
        .. Enumerable.Range(0, 10).Select(static i => new RpcCall("Unary") { Requests = [10_000 + i], Compress = true }),
        .. Enumerable.Range(0, 5).Select(static i => new RpcCall("Chat") { Requests = [1000 + i, 2000, 3000], Compress = true }),
    ]);

    /// <summary>Calls before and after somebody comes to watch, on the same connection.</summary>
    public static IReadOnlyList<RpcCall> Interrupted { get; } = Number(
    [
        .. Enumerable.Range(0, 20).Select(static i => new RpcCall(i % 2 == 0 ? "Unary" : "List") { Requests = [100 + i], Count = 1, Status = i % 5 }),
        .. Enumerable.Range(0, 40).Select(static i => new RpcCall((i % 4) switch { 0 => "Unary", 1 => "List", 2 => "Collect", _ => "Chat" })
        {
            Requests = [200 + i],
            Status = i % 5,
            Gate = i == 0,
        }),
    ]);

    private static RpcCall[] Number(IEnumerable<RpcCall> calls) => [.. calls.Select(static (call, i) => call with { Id = i.ToString(CultureInfo.InvariantCulture) })];
}
