using Beyla.Protocols.Http1;
using Beyla.Protocols.Http2;

namespace Beyla.Protocols;

/// <summary>
/// The protocols that are followed, asked in this order, and the trackers of one reader thread.
/// A new protocol is its own folder and one line here.
/// </summary>
internal sealed class ProtocolRegistry
{
    private const int MaxPooled = 4096;

    private readonly IProtocol[] _protocols;
    private readonly Stack<TrackedConnection> _pool = new();

    /// <param name="keepsQuery">Whether trackers keep the queries of requests: only when they are shown.</param>
    internal ProtocolRegistry(bool keepsQuery = false) =>
        _protocols =
        [
            new Http2Protocol(Counters, keepsQuery),
            new Http1Protocol(Counters, keepsQuery),
        ];

    internal ProtocolCounters Counters { get; } = new();

    /// <summary>A tracker for a connection of which nothing is known yet.</summary>
    internal TrackedConnection Rent() => _pool.TryPop(out var connection) ? connection : new TrackedConnection(this);

    /// <summary>Takes back the tracker of a connection that is gone.</summary>
    internal void Return(TrackedConnection connection)
    {
        connection.Reset();
        if (_pool.Count < MaxPooled)
        {
            _pool.Push(connection);
        }
    }

    /// <summary>A tracker for what a connection was upgraded to; <see langword="null"/> when no protocol follows that.</summary>
    internal ProtocolConnection? TakeOver(ProtocolUpgrade upgrade, out IProtocol? protocol)
    {
        foreach (var candidate in _protocols)
        {
            if (candidate.TakeOver(upgrade) is { } connection)
            {
                protocol = candidate;
                return connection;
            }
        }

        protocol = null;
        return null;
    }

    /// <summary>The first protocol whose messages may begin with <paramref name="bytes"/>.</summary>
    /// <inheritdoc cref="IProtocol.MayBeginWith" path="/param"/>
    internal IProtocol? Detect(ReadOnlySpan<byte> bytes, bool isTurn)
    {
        foreach (var protocol in _protocols)
        {
            if (protocol.MayBeginWith(bytes, isTurn))
            {
                return protocol;
            }
        }

        return null;
    }
}
