using Beyla.Capture;

namespace Beyla.Protocols.Tls;

/// <summary>
/// Ties the plaintext of TLS sessions to the connections that carry it, on the reader thread. A session is tied for life, by
/// proof: its ClientHello went over the connection, or the library used the socket inside one of the session's calls, or
/// ciphertext of the session was seen on the connection. Plaintext that can't be tied is held for a while and then counted;
/// it is never attributed by likelihood. Everything held is bounded in bytes, number and time.
/// </summary>
internal sealed partial class TlsSessions(ITlsSource source, IConnectionVerdicts verdicts, int capacity)
{
    private const ulong SessionBit = 1UL << 63;

    private readonly Dictionary<ulong, TlsConnection> _connections = [];
    private readonly RecencyNode _connectionOrder = new();
    private readonly Queue<TlsConnection> _ended = new();
    private readonly Dictionary<(int ProcessId, ClientRandom Random), TlsConnection> _hellos = [];
    private readonly Dictionary<ulong, TlsSession> _sessions = [];
    private readonly RecencyNode _sessionOrder = new();

    /// <summary>What became of it all.</summary>
    internal TlsCounters Counters { get; } = new();

    /// <summary>Sessions that are known now.</summary>
    internal int Count => _sessions.Count;

    /// <summary>Whether the key of a stream is that of a TLS session and not of a connection.</summary>
    internal static bool IsSession(ulong key) => (key & SessionBit) != 0;

    /// <summary>Plaintext was read or written.</summary>
    /// <param name="key">The session's.</param>
    /// <param name="origin">What is known of its connection.</param>
    /// <param name="segment">The bytes; addresses are those of the origin's socket.</param>
    /// <param name="streams">Takes plaintext that is tied.</param>
    internal void OnPlaintext(ulong key, in PlaintextOrigin origin, in SocketSegment segment, ConnectionTable streams)
    {
        var session = Session(key, segment.ProcessId, segment.TimeNanoseconds);
        if (session.Connection is { } known)
        {
            session.IsNested |= origin.Socket == known.Cookie;
            known.Touch(_connectionOrder);
        }
        else if (!TryTie(session, in origin, in segment, streams))
        {
            Hold(session, in segment);
            source.WantCiphertext(session.ProcessId, segment.TimeNanoseconds);
            return;
        }

        Replay(session, streams);
        Pass(session, in segment, streams);
    }

    /// <summary>The library said that no more plaintext comes, or freed the session.</summary>
    internal void OnSessionEnd(ulong key, SocketEnd end, long timeNanoseconds, ConnectionTable streams)
    {
        if (!_sessions.TryGetValue(key, out var session))
        {
            return;
        }

        if (end == SocketEnd.EndOfInput)
        {
            streams.OnEnd(key, end, timeNanoseconds);
        }
        else if (session.EndedAt == 0)
        {
            // What another thread wrote before, and what ties the session, may still be on its way.
            (session.EndedAt, session.End) = (timeNanoseconds, end);
        }
    }

    /// <summary>A direction of a connection, or all of it, ended.</summary>
    internal void OnConnectionEnd(ulong cookie, SocketEnd end, long timeNanoseconds, ConnectionTable streams)
    {
        if (!_connections.TryGetValue(cookie, out var connection))
        {
            return;
        }

        if (end is SocketEnd.Closed or SocketEnd.Reset)
        {
            // What was received before the end may be decrypted after it.
            connection.EndedAt = timeNanoseconds;
            connection.End = end;
            _ended.Enqueue(connection);
            if (connection.Session is { EndedAt: 0 } session)
            {
                (session.EndedAt, session.End) = (timeNanoseconds, end);
            }
        }
        else if (connection.Session is { IsNested: true } session)
        {
            streams.OnEnd(session.Key, end, timeNanoseconds);
        }
    }

    /// <summary>Gives up what has waited for too long; called about once a second.</summary>
    internal void OnTick(long nowNanoseconds, ConnectionTable streams)
    {
        for (var node = _sessionOrder.Next; node != _sessionOrder;)
        {
            var session = (TlsSession)node;
            node = node.Next;
            if (session is { Connection: not null, EndedAt: not 0 } && nowNanoseconds - session.EndedAt > GraceNanoseconds)
            {
                Finish(session, session.End, session.EndedAt, streams);
            }
            else if (session.Connection is null)
            {
                Expire(session, nowNanoseconds);
            }
        }

        while (_ended.TryPeek(out var connection) && nowNanoseconds - connection.EndedAt > GraceNanoseconds)
        {
            Forget(_ended.Dequeue());
        }
    }

    private TlsSession Session(ulong key, int processId, long time)
    {
        if (!_sessions.TryGetValue(key, out var session))
        {
            if (_sessions.Count >= capacity)
            {
                Counters.Evicted++;
                Drop((TlsSession)_sessionOrder.Next);
            }

            session = new TlsSession(key, processId);
            _sessions.Add(key, session);
        }

        session.LastSeen = time;
        session.Touch(_sessionOrder);
        return session;
    }

    private static void Pass(TlsSession session, in SocketSegment segment, ConnectionTable streams)
    {
        var connection = session.Connection!;
        streams.OnSegment(session.Key, segment with { Local = connection.Local, Remote = connection.Remote });
    }

    private void Finish(TlsSession session, SocketEnd end, long time, ConnectionTable streams)
    {
        streams.OnEnd(session.Key, end, time);
        Drop(session);
    }

    private void Drop(TlsSession session)
    {
        DropHeld(session);
        _sessions.Remove(session.Key);
        session.Unlink();
        if (session.Connection is { } connection && connection.Session == session)
        {
            connection.Session = null;
        }
    }
}
