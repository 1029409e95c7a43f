using Beyla.Protocols.Grpc;
using Beyla.Protocols.Http;

namespace Beyla.Protocols.Http2;

/// <summary>HTTP/2 (RFC 9113), and gRPC, which is carried by it.</summary>
/// <param name="counters">Where to count.</param>
/// <param name="keepsQuery">Whether anybody wants to see queries.</param>
internal sealed class Http2Protocol(ProtocolCounters counters, bool keepsQuery) : IProtocol
{
    internal const string Version = "2";

    /// <summary>Exchanges followed at once on one connection; further ones are counted and left out.</summary>
    internal const int MaxStreamsPerConnection = 4096;

    /// <summary>Exchanges followed at once on all connections together.</summary>
    internal const int MaxStreams = 128 * 1024;

    /// <summary>Most bytes that all connections together keep of headers, besides small pieces.</summary>
    internal const int MaxHeaderBytes = 64 * 1024 * 1024;

    private const int MaxPooledConnections = 1024;
    private const int MaxPooledStreams = 4096;

    private readonly Stack<ProtocolConnection> _pool = new();
    private readonly Stack<Http2Stream> _streams = new();
    private int _streamsInUse;

    public string Name => "http/2";

    internal ProtocolCounters Counters { get; } = counters;

    /// <summary>The header block that was read last.</summary>
    internal HeaderFields Fields { get; } = new(keepsQuery);

    internal HeaderMemory Memory { get; } = new(counters, MaxHeaderBytes);

    /// <summary>The exchanges on lease: trackers emit one after the other.</summary>
    internal HttpExchange HttpExchange { get; } = new();

    internal GrpcExchange GrpcExchange { get; } = new();

    /// <remarks>Both sides send at any time, and a frame's header is telling enough by itself.</remarks>
    public bool MayBeginWith(ReadOnlySpan<byte> bytes, bool isTurn) => ConnectionPreface.IsAt(bytes) || FrameHeader.IsLikelyAt(bytes);

    public ProtocolConnection Rent() => _pool.TryPop(out var connection) ? connection : new Http2Connection(this);

    public ProtocolConnection? TakeOver(ProtocolUpgrade upgrade)
    {
        if (upgrade.Protocol != ProtocolUpgrade.Http2)
        {
            return null;
        }

        var connection = (Http2Connection)Rent();
        connection.TakeOver(upgrade);
        return connection;
    }

    public void Return(ProtocolConnection connection)
    {
        connection.Reset();
        if (_pool.Count < MaxPooledConnections)
        {
            _pool.Push(connection);
        }
    }

    /// <returns><see langword="null"/> when as many are in use as may be.</returns>
    internal Http2Stream? RentStream()
    {
        if (_streamsInUse == MaxStreams)
        {
            return null;
        }

        _streamsInUse++;
        return _streams.TryPop(out var stream) ? stream : new Http2Stream(Memory);
    }

    internal void ReturnStream(Http2Stream stream)
    {
        stream.Clear();
        _streamsInUse--;
        if (_streams.Count < MaxPooledStreams)
        {
            _streams.Push(stream);
        }
    }
}
