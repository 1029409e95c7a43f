using Beyla.Protocols.Http;

namespace Beyla.Protocols.Http1;

/// <summary>HTTP/1.0 and HTTP/1.1 (RFC 9110, RFC 9112).</summary>
/// <param name="counters">Where to count.</param>
/// <param name="keepsQuery">Whether anybody wants to see queries.</param>
internal sealed class Http1Protocol(ProtocolCounters counters, bool keepsQuery) : IProtocol
{
    private const int MaxPooled = 4096;

    private readonly Stack<ProtocolConnection> _pool = new();

    public string Name => "http/1";

    internal ProtocolCounters Counters { get; } = counters;

    internal bool KeepsQuery { get; } = keepsQuery;

    /// <summary>The one exchange on lease: trackers emit one after the other.</summary>
    internal HttpExchange Exchange { get; } = new();

    internal ProtocolUpgrade Upgrade { get; } = new();

    /// <remarks>The rest of a method or a line of content may look like a start line as well, so only a turn can begin with one.</remarks>
    public bool MayBeginWith(ReadOnlySpan<byte> bytes, bool isTurn) =>
        isTurn && Http1HeadParser.Parse(bytes[Http1HeadParser.CountEmptyLines(bytes)..], out _) != HeadResult.NotMine;

    public ProtocolConnection Rent() => _pool.TryPop(out var connection) ? connection : new Http1Connection(this);

    public void Return(ProtocolConnection connection)
    {
        connection.Reset();
        if (_pool.Count < MaxPooled)
        {
            _pool.Push(connection);
        }
    }
}
