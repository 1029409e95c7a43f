using Beyla.Capture;

namespace Beyla.Protocols.Tls;

/// <content>Plaintext that waits for its connection.</content>
internal sealed partial class TlsSessions
{
    /// <summary>How long plaintext waits, and how long a session without a connection is remembered.</summary>
    private const long PatienceNanoseconds = 10_000_000_000;

    /// <summary>How long a session is kept when it or its connection has ended.</summary>
    private const long GraceNanoseconds = 1_000_000_000;

    /// <summary>Bytes held over all sessions; each one's are bounded besides.</summary>
    private const int MaxHeldBytes = 16 * 1024 * 1024;

    private int _heldBytes;

    private void Hold(TlsSession session, in SocketSegment segment)
    {
        var held = session.Held ??= new HeldSegments();
        if (held.Count == 0)
        {
            session.HeldSince = segment.TimeNanoseconds;
        }

        var before = held.Bytes;
        if (_heldBytes + segment.Head.Length + segment.Tail.Length > MaxHeldBytes || !held.TryAdd(segment, beginsTurn: false))
        {
            // The beginning is of no use without what follows: the newest may still become a whole exchange.
            DropHeld(session);
            Counters.Untied++;
            return;
        }

        _heldBytes += held.Bytes - before;
    }

    private void Replay(TlsSession session, ConnectionTable streams)
    {
        if (session.Held is not { } held)
        {
            return;
        }

        _heldBytes -= held.Bytes;
        session.Held = null;
        while (held.Count > 0)
        {
            Pass(session, held.Peek(out _), streams);
            held.Drop();
        }
    }

    private void DropHeld(TlsSession session)
    {
        if (session.Held is { } held)
        {
            Counters.Untied += held.Count;
            _heldBytes -= held.Bytes;
            held.Clear();
            session.Held = null;
        }
    }

    private void Expire(TlsSession session, long now)
    {
        if (session.Held is { Count: > 0 } && now - session.HeldSince > PatienceNanoseconds)
        {
            DropHeld(session);
        }

        if (session.Held is not { Count: > 0 } && now - Math.Max(session.LastSeen, session.EndedAt) > PatienceNanoseconds)
        {
            Drop(session);
        }
        else if (session.EndedAt != 0 && now - session.EndedAt > GraceNanoseconds)
        {
            Drop(session);
        }
    }
}
