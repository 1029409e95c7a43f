using Beyla.Capture;

namespace Beyla.Protocols;

/// <summary>
/// The connections being followed, by socket cookie, on the reader thread. Bounded: at capacity the one that was silent
/// for longest is given up, which also covers connections whose end was lost with a full ring.
/// </summary>
internal sealed class ConnectionTable(ProtocolRegistry registry, IExchangeSink sink, IConnectionVerdicts verdicts, int capacity)
{
    /// <summary>How long an ignored connection is remembered: records that the kernel wrote before it heard of the verdict are still on their way.</summary>
    private const long IgnoredNanoseconds = 10_000_000_000;

    private readonly Dictionary<ulong, Entry> _entries = [];
    private readonly Stack<Entry> _pool = new();
    private readonly Entry _list = Entry.NewList();

    /// <summary>Connections given up because the table was full.</summary>
    public long Evicted { get; private set; }

    public int Count => _entries.Count;

    public void OnSegment(ulong cookie, in SocketSegment segment)
    {
        if (!_entries.TryGetValue(cookie, out var entry))
        {
            entry = Add(cookie);
        }

        entry.LastSeen = segment.TimeNanoseconds;
        entry.MoveBefore(_list);
        if (entry.Connection is not { } connection)
        {
            return;
        }

        var wantedLarger = connection.WantsLargerHead;
        connection.OnSegment(in segment, sink);
        if (connection.WantsLargerHead && !wantedLarger)
        {
            verdicts.EnlargeHeads(segment.ProcessId);
        }

        if (connection.Verdict > ProtocolVerdict.Recognized)
        {
            verdicts.Ignore(cookie);
            registry.Return(connection);
            entry.Connection = null;
        }
        else if (connection.Quiet is { } quiet && quiet != entry.Quiet)
        {
            entry.Quiet = quiet;
            verdicts.Quiet(cookie, quiet.Direction, quiet.Position);
        }
    }

    public void OnEnd(ulong cookie, SocketEnd end, long timeNanoseconds)
    {
        if (!_entries.TryGetValue(cookie, out var entry))
        {
            return;
        }

        entry.Connection?.OnEnd(end, timeNanoseconds, sink);
        if (end is SocketEnd.Closed or SocketEnd.Reset)
        {
            Remove(entry);
        }
    }

    /// <summary>Lets connections finish what only a pause can finish; called about once a second.</summary>
    public void OnTick(long nowNanoseconds)
    {
        for (var entry = _list.Next; entry != _list;)
        {
            var next = entry.Next;
            if (entry.Connection is not { } connection)
            {
                if (nowNanoseconds - entry.LastSeen > IgnoredNanoseconds)
                {
                    Remove(entry);
                }
            }
            else if (connection.AwaitsIdle)
            {
                connection.OnIdle(nowNanoseconds, sink);
            }

            entry = next;
        }
    }

    private Entry Add(ulong cookie)
    {
        if (_entries.Count >= capacity)
        {
            Evicted++;
            var oldest = _list.Next;
            oldest.Connection?.OnEnd(SocketEnd.Closed, oldest.LastSeen, sink);
            Remove(oldest);
        }

        var entry = _pool.TryPop(out var pooled) ? pooled : new Entry();
        entry.Cookie = cookie;
        entry.Connection = registry.Rent();
        _entries.Add(cookie, entry);
        return entry;
    }

    private void Remove(Entry entry)
    {
        _entries.Remove(entry.Cookie);
        entry.Unlink();
        if (entry.Connection is { } connection)
        {
            registry.Return(connection);
            entry.Connection = null;
        }

        entry.Quiet = null;
        if (_pool.Count < 4096)
        {
            _pool.Push(entry);
        }
    }

    /// <summary>A connection and its place in the order of last use: the head of the ring of entries is the list itself.</summary>
    private sealed class Entry
    {
        private Entry _previous;

        public Entry() => Next = _previous = this;

        public ulong Cookie { get; set; }

        /// <summary>Null once the connection is ignored.</summary>
        public TrackedConnection? Connection { get; set; }

        public QuietHint? Quiet { get; set; }

        public long LastSeen { get; set; }

        public Entry Next { get; private set; }

        public static Entry NewList() => new();

        public void MoveBefore(Entry position)
        {
            // A response mostly follows its request directly: then the entry is where it belongs.
            if (Next == position)
            {
                return;
            }

            Unlink();
            _previous = position._previous;
            Next = position;
            _previous.Next = this;
            position._previous = this;
        }

        public void Unlink()
        {
            _previous.Next = Next;
            Next._previous = _previous;
            Next = _previous = this;
        }
    }
}
