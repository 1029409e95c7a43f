using System.Runtime.CompilerServices;

namespace Beyla.Protocols.Http2.Hpack;

/// <summary>
/// The dynamic table of one direction (RFC 7541 §2.3.2). Entries are numbered from the newest on, so those that were seen
/// are found even if older ones were not; an index behind them is unknown. Values are held only for names that matter.
/// </summary>
internal sealed class HpackDynamicTable(HeaderMemory memory)
{
    internal const int EntryOverhead = 32;
    internal const int DefaultMaxSize = 4096;

    /// <summary>Of a table that its owner allows to be larger, the newest entries up to this size are kept and older ones are not known.</summary>
    internal const int MaxKeptSize = 64 * 1024;

    private const int FirstEntries = 16;
    private const int MostPooledEntries = 256;
    private const int FirstBytes = 256;

    private HpackEntry[] _entries = [];
    private byte[] _bytes = [];
    private int _newest; // place of the newest entry in the ring
    private int _end; // behind the newest value in the bytes

    /// <summary>Entries that are known.</summary>
    internal int Count { get; private set; }

    /// <summary>Size of the known entries by RFC 7541 §4.1.</summary>
    internal int Size { get; private set; }

    /// <summary>Size that the sender keeps to; while it is not known, the largest that is kept.</summary>
    internal int MaxSize { get; private set; } = DefaultMaxSize;

    /// <summary>Whether every entry of the sender's table is known, so that an index behind them is an error.</summary>
    internal bool IsComplete { get; private set; } = true;

    /// <summary>The bytes that are held now; for tests and the account of memory.</summary>
    internal int HeldBytes { get; private set; }

    /// <param name="index">0 for the newest entry.</param>
    internal ref readonly HpackEntry this[int index] => ref _entries[(_newest - index) & (_entries.Length - 1)];

    internal ReadOnlySpan<byte> Value(in HpackEntry entry) => _bytes.AsSpan(entry.ValueOffset, entry.HeldBytes);

    /// <summary>Back to the table at the beginning of a connection.</summary>
    internal void Reset()
    {
        Clear();
        MaxSize = DefaultMaxSize;
        IsComplete = true;
        memory.Return(ref _bytes);
        if (_entries.Length > MostPooledEntries)
        {
            memory.Give(BytesOf(_entries.Length));
            _entries = [];
        }
    }

    /// <summary>Entries were missed, so no index means what it meant before. Those that come are known again.</summary>
    internal void Lose()
    {
        Clear();
        MaxSize = MaxKeptSize;
        IsComplete = false;
    }

    /// <summary>The sender changed the size of its table (RFC 7541 §6.3).</summary>
    internal void Resize(int maxSize)
    {
        IsComplete |= maxSize == 0;
        if (maxSize > MaxKeptSize)
        {
            // What would be evicted for lack of room here may still be in the sender's table.
            maxSize = MaxKeptSize;
            IsComplete = false;
        }

        MaxSize = maxSize;
        EvictTo(maxSize);
    }

    /// <summary>Adds an entry in front of all others (RFC 7541 §4.4).</summary>
    /// <param name="name">Number of its name.</param>
    /// <param name="nameLength">Bytes of its name.</param>
    /// <param name="value">Its value if it is to be held, not one of this table.</param>
    /// <param name="valueLength">Bytes of its value.</param>
    /// <param name="holdsValue">Whether <paramref name="value"/> is to be held.</param>
    internal void Add(byte name, int nameLength, ReadOnlySpan<byte> value, int valueLength, bool holdsValue)
    {
        var entry = new HpackEntry { Name = name, NameLength = nameLength, ValueLength = valueLength };
        if (entry.Size > MaxSize)
        {
            Clear();
            return;
        }

        EvictTo(MaxSize - entry.Size);
        if (Count == _entries.Length && !TryGrow())
        {
            // The sender's table goes on behind what is known of it.
            EvictOldest();
            IsComplete = false;
        }

        if (holdsValue && TryReserve(valueLength))
        {
            entry.HasValue = true;
            entry.ValueOffset = _end;
            value.CopyTo(_bytes.AsSpan(_end));
            _end += valueLength;
            HeldBytes += valueLength;
        }

        _newest = (_newest + 1) & (_entries.Length - 1);
        _entries[_newest] = entry;
        Size += entry.Size;
        Count++;
    }

    private void EvictTo(int size)
    {
        while (Size > size)
        {
            EvictOldest();
        }
    }

    private void EvictOldest()
    {
        ref readonly var oldest = ref this[Count - 1];
        Size -= oldest.Size;
        HeldBytes -= oldest.HeldBytes;
        Count--;
        if (Count == 0)
        {
            _end = 0;
        }
    }

    private void Clear()
    {
        Count = 0;
        Size = HeldBytes = _end = 0;
    }

    private static int BytesOf(int entries) => entries * Unsafe.SizeOf<HpackEntry>();

    private bool TryGrow()
    {
        var length = Math.Max(FirstEntries, _entries.Length * 2);
        if (!memory.TryTake(BytesOf(length)))
        {
            return false;
        }

        var larger = new HpackEntry[length];
        for (var i = 0; i < Count; i++)
        {
            larger[Count - 1 - i] = this[i];
        }

        memory.Give(BytesOf(_entries.Length));
        _entries = larger;
        _newest = Count - 1;
        return true;
    }

    /// <summary>Values lie in the order of their entries, so the room of evicted ones is found by moving the rest to the front.</summary>
    private bool TryReserve(int length)
    {
        if (_end + length <= _bytes.Length)
        {
            return true;
        }

        var target = _bytes;
        if (HeldBytes + length > _bytes.Length / 2 && memory.TryRent(Math.Max(FirstBytes, (HeldBytes + length) * 2)) is { } larger)
        {
            target = larger;
        }
        else if (HeldBytes + length > _bytes.Length)
        {
            return false;
        }

        _end = 0;
        for (var i = Count - 1; i >= 0; i--)
        {
            ref var entry = ref _entries[(_newest - i) & (_entries.Length - 1)];
            Value(entry).CopyTo(target.AsSpan(_end));
            entry.ValueOffset = _end;
            _end += entry.HeldBytes;
        }

        if (target != _bytes)
        {
            memory.Return(ref _bytes);
            _bytes = target;
        }

        return true;
    }
}
