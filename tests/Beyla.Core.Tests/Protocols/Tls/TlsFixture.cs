using System.Text;
using Beyla.Capture;
using Beyla.Protocols;
using Beyla.Protocols.Http;
using Beyla.Protocols.Tls;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols.Tls;

/// <summary>The tables of streams and of TLS, fed as the reader of a session feeds them.</summary>
internal sealed class TlsFixture : IExchangeSink, ITlsSource, IConnectionVerdicts
{
    internal const int ProcessId = 4711;
    internal const ulong SessionBit = 1UL << 63;

    private readonly Dictionary<(ulong Key, SocketDirection Direction), uint> _positions = [];
    private readonly Dictionary<(ulong Key, SocketDirection Direction), uint> _expected = [];
    private readonly ConnectionTable _streams;
    private long _now = 1_000_000_000;

    internal TlsFixture(int capacity = 1024)
    {
        Tls = new TlsSessions(this, this, capacity);
        _streams = new ConnectionTable(new ProtocolRegistry(), this, this, Tls, capacity);
    }

    internal TlsSessions Tls { get; }

    internal TlsCoverage Coverage { get; set; } = TlsCoverage.Covered;

    internal HashSet<ulong> Silent { get; } = [];

    internal HashSet<ulong> Ignored { get; } = [];

    internal int CiphertextWanted { get; private set; }

    /// <summary>Kind, path, port of the remote end, whether it was encrypted, and status.</summary>
    internal List<(SpanKind Kind, string Path, int Port, bool IsEncrypted, int? Status)> Spans { get; } = [];

    internal static byte[] Random(byte seed) => [.. Enumerable.Repeat(seed, ClientRandom.Length)];

    internal static byte[] Hello(byte seed) => [22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3, .. Random(seed), .. new byte[64]];

    /// <summary>An encrypted record with content that nobody else has.</summary>
    internal static byte[] Record(byte seed) => [23, 3, 3, 0, 32, .. Content(seed)];

    internal static byte[] Content(byte seed) => [.. Enumerable.Range(0, 32).Select(i => (byte)(seed * 7 + i * 13))];

    internal void Pass(TimeSpan time)
    {
        _now += (long)time.TotalNanoseconds;
        _streams.OnTick(_now);
        Tls.OnTick(_now, _streams);
    }

    internal void OnSocket(ulong cookie, SocketDirection direction, byte[] bytes, int processId = ProcessId) =>
        _streams.OnSegment(cookie, Segment(cookie, direction, bytes, processId, Port(cookie)));

    internal void OnPlaintext(ulong session, SocketDirection direction, string text, ulong socket = 0, byte[]? random = null, int processId = ProcessId)
    {
        var origin = new PlaintextOrigin { Socket = socket, Random = random ?? new byte[ClientRandom.Length] };
        Tls.OnPlaintext(
            session | SessionBit, in origin, Segment(session | SessionBit, direction, Encoding.Latin1.GetBytes(text), processId, socket == 0 ? 0 : Port(socket)), _streams);
    }

    /// <summary>Bytes are on their way in one direction: their segment comes later, but what the other direction tells knows of them.</summary>
    internal void Expect(ulong session, SocketDirection direction, int bytes) => _expected[(session | SessionBit, direction)] = (uint)bytes;

    internal void OnCiphertext(ulong session, SocketDirection direction, byte[] bytes, int processId = ProcessId) =>
        Tls.OnCiphertext(session | SessionBit, processId, direction, bytes, ++_now, _streams);

    internal void OnSessionEnd(ulong session, SocketEnd end = SocketEnd.Closed) => Tls.OnSessionEnd(session | SessionBit, end, ++_now, _streams);

    internal void OnSocketEnd(ulong cookie, SocketEnd end = SocketEnd.Closed)
    {
        _streams.OnEnd(cookie, end, ++_now);
        Tls.OnConnectionEnd(cookie, end, _now, _streams);
    }

    /// <summary>A request and its answer as a server's library shows them.</summary>
    internal void Serve(ulong session, string path, ulong socket = 0, byte[]? random = null)
    {
        OnPlaintext(session, SocketDirection.Received, $"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n", socket, random);
        OnPlaintext(session, SocketDirection.Sent, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", socket, random);
    }

    public void Emit(Exchange exchange)
    {
        var http = (HttpExchange)exchange;
        var remote = http.Kind == SpanKind.Server ? http.Source : http.Destination;
        Spans.Add((http.Kind, Encoding.Latin1.GetString(http.Path), remote.Port, http.IsEncrypted, http.StatusCode));
    }

    TlsCoverage ITlsSource.CoverageOf(int processId, long nowNanoseconds) => Coverage;

    void ITlsSource.WantCiphertext(int processId, long nowNanoseconds) => CiphertextWanted++;

    void IConnectionVerdicts.Ignore(ulong cookie) => Ignored.Add(cookie);

    void IConnectionVerdicts.Silence(ulong cookie) => Silent.Add(cookie);

    void IConnectionVerdicts.Listen(ulong cookie) => Silent.Remove(cookie);

    void IConnectionVerdicts.Quiet(ulong cookie, SocketDirection direction, uint position)
    {
    }

    void IConnectionVerdicts.EnlargeHeads(int processId)
    {
    }

    /// <summary>The port at the other end of a socket.</summary>
    internal static int Port(ulong cookie) => 50000 + (int)cookie;

    private SocketSegment Segment(ulong key, SocketDirection direction, byte[] bytes, int processId, int remotePort)
    {
        _expected.Remove((key, direction));
        var opposite = direction == SocketDirection.Sent ? SocketDirection.Received : SocketDirection.Sent;
        var end = _positions[(key, direction)] = _positions.GetValueOrDefault((key, direction)) + (uint)bytes.Length;
        return new SocketSegment
        {
            Direction = direction,
            ProcessId = processId,
            TimeNanoseconds = ++_now,
            EndPosition = end,
            OppositePosition = _positions.GetValueOrDefault((key, opposite)) + _expected.GetValueOrDefault((key, opposite)),
            Length = (uint)bytes.Length,
            Head = bytes,
            Local = new SocketEndpoint([10, 0, 0, 1], 443),
            Remote = new SocketEndpoint([10, 0, 0, 2], remotePort),
        };
    }
}
