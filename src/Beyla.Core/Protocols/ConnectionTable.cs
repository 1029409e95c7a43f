using Beyla.Capture;
using Beyla.Protocols.Tls;

namespace Beyla.Protocols;

/// <summary>
/// The streams being followed, on the reader thread: connections by socket cookie, plaintext by the key of its TLS session. Bounded: at capacity the one that was silent
/// for longest is given up, which also covers connections whose end was lost with a full ring.
/// </summary>
internal sealed class ConnectionTable(ProtocolRegistry registry, IExchangeSink sink, IConnectionVerdicts verdicts, TlsSessions tls, int capacity)
{
    /// <summary>How long an ignored connection is remembered: records that the kernel wrote before it heard of the verdict are still on their way.</summary>
    private const long IgnoredNanoseconds = 10_000_000_000;

    private readonly Dictionary<ulong, Entry> _entries = [];
    private readonly Stack<Entry> _pool = new();
    private readonly RecencyNode _list = new();
    private readonly EncryptedSink _encrypted = new(sink);

    /// <summary>Connections given up because the table was full.</summary>
    public long Evicted { get; private set; }

    public int Count => _entries.Count;

    public void OnSegment(ulong key, in SocketSegment segment)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            entry = Add(key);
        }

        entry.LastSeen = segment.TimeNanoseconds;
        entry.Touch(_list);
        if (entry.Connection is not { } connection)
        {
            if (entry.IsTls)
            {
                FollowTls(entry, in segment);
            }

            return;
        }

        var wantedLarger = connection.WantsLargerHead;
        connection.OnSegment(in segment, SinkOf(entry));
        if (connection.WantsLargerHead && !wantedLarger)
        {
            verdicts.EnlargeHeads(segment.ProcessId);
        }

        if (connection.Verdict > ProtocolVerdict.Recognized)
        {
            // TLS inside of TLS belongs to whoever is tunnelled.
            entry.IsTls = connection.Verdict == ProtocolVerdict.Tls && !IsEncrypted(entry);
            registry.Return(connection);
            entry.Connection = null;
            if (entry.IsTls)
            {
                FollowTls(entry, in segment);
            }
            else
            {
                verdicts.Ignore(key);
            }
        }
        else if (connection.Quiet is { } quiet && quiet != entry.Quiet)
        {
            entry.Quiet = quiet;
            verdicts.Quiet(key, quiet.Direction, quiet.Position);
        }
    }

    public void OnEnd(ulong key, SocketEnd end, long timeNanoseconds)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            return;
        }

        entry.Connection?.OnEnd(end, timeNanoseconds, SinkOf(entry));
        if (end is SocketEnd.Closed or SocketEnd.Reset)
        {
            Remove(entry);
        }
    }

    /// <summary>Lets connections finish what only a pause can finish; called about once a second.</summary>
    public void OnTick(long nowNanoseconds)
    {
        for (var node = _list.Next; node != _list;)
        {
            var entry = (Entry)node;
            node = node.Next;
            if (entry.Connection is not { } connection)
            {
                if (nowNanoseconds - entry.LastSeen > IgnoredNanoseconds)
                {
                    Remove(entry);
                }
            }
            else if (connection.AwaitsIdle)
            {
                connection.OnIdle(nowNanoseconds, SinkOf(entry));
            }
        }
    }

    private static bool IsEncrypted(Entry entry) => TlsSessions.IsSession(entry.Key);

    private IExchangeSink SinkOf(Entry entry) => IsEncrypted(entry) ? _encrypted : sink;

    private void FollowTls(Entry entry, in SocketSegment segment)
    {
        if (!tls.OnRecords(entry.Key, in segment, this))
        {
            verdicts.Ignore(entry.Key);
            entry.IsTls = false;
        }
    }

    private Entry Add(ulong key)
    {
        if (_entries.Count >= capacity)
        {
            Evicted++;
            var oldest = (Entry)_list.Next;
            oldest.Connection?.OnEnd(SocketEnd.Closed, oldest.LastSeen, SinkOf(oldest));
            Remove(oldest);
        }

        var entry = _pool.TryPop(out var pooled) ? pooled : new Entry();
        entry.Key = key;
        entry.Connection = registry.Rent();
        _entries.Add(key, entry);
        return entry;
    }

    private void Remove(Entry entry)
    {
        _entries.Remove(entry.Key);
        entry.Unlink();
        if (entry.Connection is { } connection)
        {
            registry.Return(connection);
            entry.Connection = null;
        }

        entry.IsTls = false;
        entry.Quiet = null;
        if (_pool.Count < 4096)
        {
            _pool.Push(entry);
        }
    }

    private sealed class Entry : RecencyNode
    {
        public ulong Key { get; set; }

        /// <summary>Null once the connection is not followed, or is followed as TLS.</summary>
        public TrackedConnection? Connection { get; set; }

        public bool IsTls { get; set; }

        public QuietHint? Quiet { get; set; }

        public long LastSeen { get; set; }
    }

    /// <summary>Marks exchanges of TLS sessions, so that the trackers need not know where their bytes come from.</summary>
    private sealed class EncryptedSink(IExchangeSink inner) : IExchangeSink
    {
        public void Emit(Exchange exchange)
        {
            exchange.IsEncrypted = true;
            inner.Emit(exchange);
            exchange.IsEncrypted = false;
        }
    }
}
