using Beyla.Capture;

namespace Beyla.Protocols.Tls;

/// <content>The proofs.</content>
internal sealed partial class TlsSessions
{
    private const byte ApplicationData = 23;
    private const int HeaderLength = 5;

    /// <summary>Segments of a connection without ClientHello that are looked at: it is tied by one of the first, or never.</summary>
    private const int MaxSegments = 4096;

    private const int ResilenceSegments = 64;

    /// <summary>Records that are remembered of either side; the oldest are forgotten.</summary>
    private const int MaxCiphertexts = 8192;

    private readonly Dictionary<CiphertextKey, TlsConnection> _onSockets = [];
    private readonly Queue<CiphertextKey> _onSocketsOrder = new();
    private readonly Dictionary<CiphertextKey, TlsSession> _inSessions = [];
    private readonly Queue<CiphertextKey> _inSessionsOrder = new();

    /// <summary>TLS records moved on a connection.</summary>
    /// <param name="cookie">The connection's.</param>
    /// <param name="segment">The bytes.</param>
    /// <param name="streams">Takes plaintext that is tied thereby.</param>
    /// <returns>Whether the connection is of interest: if not, nothing of it need be reported any more.</returns>
    internal bool OnRecords(ulong cookie, in SocketSegment segment, ConnectionTable streams)
    {
        var connection = Connection(cookie, in segment);
        connection.Segments++;
        if (connection.IsSilent)
        {
            // Some were under way; if they do not end, the kernel has forgotten what it was told.
            if (connection.Segments % ResilenceSegments == 0)
            {
                verdicts.Silence(cookie);
            }

            return true;
        }

        if (connection.Random.IsUnknown && ClientHello.TryReadRandom(segment.Head, out var random))
        {
            Learn(connection, random);
        }

        var coverage = source.CoverageOf(connection.ProcessId, segment.TimeNanoseconds);
        connection.IsCovered = coverage == TlsCoverage.Covered;
        if (coverage == TlsCoverage.None)
        {
            Forget(connection);
            return false;
        }

        if (connection.Session is not null
            || connection.Segments >= MaxSegments
            || (connection is { IsCovered: true, HasTwin: false } && !connection.Random.IsUnknown))
        {
            Silence(connection);
            return true;
        }

        Note(connection, in segment, streams);
        return true;
    }

    /// <summary>A library exchanged ciphertext with a memory BIO inside a call of a session.</summary>
    internal void OnCiphertext(ulong key, int processId, SocketDirection direction, ReadOnlySpan<byte> bytes, long time, ConnectionTable streams)
    {
        var session = Session(key, processId, time);
        if (session.Connection is not null)
        {
            return;
        }

        var content = ContentOf(session, bytes);
        if (content.Length < CiphertextKey.Length)
        {
            return;
        }

        var record = CiphertextKey.From(processId, direction, content);
        if (_onSockets.Remove(record, out var connection) && IsUntied(connection))
        {
            Tie(session, connection, isNested: false, streams);
            Replay(session, streams);
        }
        else
        {
            Remember(_inSessions, _inSessionsOrder, record, session);
        }
    }

    private bool TryTie(TlsSession session, in PlaintextOrigin origin, in SocketSegment segment, ConnectionTable streams)
    {
        var random = ClientRandom.From(origin.Random);
        if (!random.IsUnknown && _hellos.TryGetValue((session.ProcessId, random), out var greeted) && !greeted.HasTwin)
        {
            if (origin.Socket != 0 && origin.Socket != greeted.Cookie)
            {
                Counters.Contradictions++;
            }

            Tie(session, greeted, isNested: origin.Socket == greeted.Cookie, streams);
            return true;
        }

        if (origin.Socket == 0)
        {
            return false;
        }

        var used = Connection(origin.Socket, in segment);
        if (!random.IsUnknown && !used.Random.IsUnknown && used.Random != random)
        {
            // I/O of another session, which a callback of the library made inside of this one's call.
            Counters.Contradictions++;
            return false;
        }

        Tie(session, used, isNested: true, streams);
        return true;
    }

    private void Tie(TlsSession session, TlsConnection connection, bool isNested, ConnectionTable streams)
    {
        if (connection.Session is { } earlier)
        {
            // The kernel has forgotten the session and has met it anew: one connection carries one session at a time.
            Finish(earlier, SocketEnd.Closed, earlier.LastSeen, streams);
        }

        Counters.Tied += connection.WasTied ? 0 : 1;
        connection.WasTied = true;
        connection.Session = session;
        session.Connection = connection;
        session.IsNested = isNested;
        if (connection.EndedAt != 0)
        {
            (session.EndedAt, session.End) = (connection.EndedAt, connection.End);
        }

        Silence(connection);
    }

    private TlsConnection Connection(ulong cookie, in SocketSegment segment)
    {
        if (!_connections.TryGetValue(cookie, out var connection))
        {
            if (_connections.Count >= capacity)
            {
                Counters.Evicted++;
                Forget((TlsConnection)_connectionOrder.Next);
            }

            Counters.Connections++;
            connection = new TlsConnection(cookie, segment.ProcessId, segment.Local, segment.Remote);
            _connections.Add(cookie, connection);
        }

        connection.Touch(_connectionOrder);
        return connection;
    }

    private void Learn(TlsConnection connection, ClientRandom random)
    {
        connection.Random = random;
        if (!_hellos.TryAdd((connection.ProcessId, random), connection))
        {
            // The process talks to itself: which end a session is, only its ciphertext tells.
            var twin = _hellos[(connection.ProcessId, random)];
            twin.HasTwin = connection.HasTwin = true;
            Listen(twin);
        }
    }

    private void Silence(TlsConnection connection)
    {
        if (!connection.IsSilent)
        {
            connection.IsSilent = true;
            verdicts.Silence(connection.Cookie);
        }
    }

    private void Listen(TlsConnection connection)
    {
        if (connection is { IsSilent: true, Session: null })
        {
            connection.IsSilent = false;
            verdicts.Listen(connection.Cookie);
        }
    }

    private void Forget(TlsConnection connection)
    {
        if (_connections.GetValueOrDefault(connection.Cookie) != connection)
        {
            // Given up already, for want of room.
            return;
        }

        _connections.Remove(connection.Cookie);
        connection.Unlink();
        if (!connection.Random.IsUnknown && _hellos.TryGetValue((connection.ProcessId, connection.Random), out var greeted) && greeted == connection)
        {
            _hellos.Remove((connection.ProcessId, connection.Random));
        }

        if (connection.WasTied)
        {
            return;
        }

        if (connection.IsCovered)
        {
            Counters.WithoutPlaintext++;
        }
        else
        {
            Counters.WithoutSource++;
        }
    }

    /// <summary>Of the encrypted record at the start of a segment; others have contents that several connections share.</summary>
    private void Note(TlsConnection connection, in SocketSegment segment, ConnectionTable streams)
    {
        var head = segment.Head;
        if (head.Length < HeaderLength + CiphertextKey.Length || head[0] != ApplicationData || !TlsRecord.IsAt(head))
        {
            return;
        }

        var record = CiphertextKey.From(connection.ProcessId, segment.Direction, head[HeaderLength..]);
        if (_inSessions.Remove(record, out var session) && IsUntied(session))
        {
            Tie(session, connection, isNested: false, streams);
            Replay(session, streams);
        }
        else
        {
            Remember(_onSockets, _onSocketsOrder, record, connection);
        }
    }

    /// <summary>A library reads the header of a record first and its content then, or both at once; it writes whole records.</summary>
    private static ReadOnlySpan<byte> ContentOf(TlsSession session, ReadOnlySpan<byte> bytes)
    {
        var type = session.NextRecord;
        session.NextRecord = 0;
        if (TlsRecord.IsAt(bytes) && (type == 0 || bytes.Length == HeaderLength))
        {
            if (bytes.Length == HeaderLength)
            {
                session.NextRecord = bytes[0];
                return default;
            }

            return bytes.Length > HeaderLength && bytes[0] == ApplicationData ? bytes[HeaderLength..] : default;
        }

        return type == ApplicationData ? bytes : default;
    }

    private static void Remember<T>(Dictionary<CiphertextKey, T> records, Queue<CiphertextKey> order, CiphertextKey record, T owner)
    {
        if (order.Count >= MaxCiphertexts)
        {
            records.Remove(order.Dequeue());
        }

        order.Enqueue(record);
        records[record] = owner;
    }

    // What was remembered of connections and sessions that are gone is forgotten in its turn.
    private bool IsUntied(TlsConnection connection) => connection.Session is null && _connections.GetValueOrDefault(connection.Cookie) == connection;

    private bool IsUntied(TlsSession session) => session.Connection is null && _sessions.GetValueOrDefault(session.Key) == session;
}
