namespace Beyla.Routing;

/// <summary>
/// The decisions of the latest paths: pairs of entries chosen by hash, the one used last in front. It starts small, grows up to
/// <see cref="Capacity"/> entries, and reuses the keys' memory.
/// </summary>
internal sealed class RouteDecisionCache
{
    internal const int Capacity = 1024;

    /// <summary>Longer paths are hardly ever asked for twice.</summary>
    internal const int LongestPath = 256;

    private const int KeyStep = 32;

    private Entry[] _entries = new Entry[32];

    internal bool TryGet(ReadOnlySpan<byte> path, ulong hash, int generation, out RouteDecision decision)
    {
        var (first, second) = PairOf(hash);
        if (_entries[first].Holds(path, hash, generation))
        {
            decision = _entries[first].Decision;
            return true;
        }

        if (_entries[second].Holds(path, hash, generation))
        {
            decision = _entries[second].Decision;
            (_entries[first], _entries[second]) = (_entries[second], _entries[first]);
            return true;
        }

        decision = default;
        return false;
    }

    internal void Add(ReadOnlySpan<byte> path, ulong hash, int generation, RouteDecision decision)
    {
        if (path.Length > LongestPath)
        {
            return;
        }

        var (first, second) = PairOf(hash);
        if (_entries.Length < Capacity && _entries[second].IsOf(generation))
        {
            Grow();
            (first, second) = PairOf(hash);
        }

        (_entries[first], _entries[second]) = (_entries[second], _entries[first]);
        _entries[first].Set(path, hash, generation, decision);
    }

    private (int First, int Second) PairOf(ulong hash)
    {
        var first = (int)(hash >> 32) & (_entries.Length - 2);
        return (first, first + 1);
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry[old.Length * 2];
        // The bits of the smaller index are bits of the larger one, so each old pair spreads over two new ones and nothing collides.
        foreach (var entry in old)
        {
            if (!entry.IsFree)
            {
                var (first, second) = PairOf(entry.Hash);
                _entries[_entries[first].IsFree ? first : second] = entry;
            }
        }
    }

    private struct Entry
    {
        private byte[]? _key;
        private int _length;
        private int _generation;

        internal ulong Hash { get; private set; }

        internal RouteDecision Decision { get; private set; }

        internal readonly bool IsFree => _key is null;

        internal readonly bool IsOf(int generation) => _key is not null && _generation == generation;

        internal readonly bool Holds(ReadOnlySpan<byte> path, ulong hash, int generation) =>
            Hash == hash && IsOf(generation) && path.SequenceEqual(_key.AsSpan(0, _length));

        internal void Set(ReadOnlySpan<byte> path, ulong hash, int generation, RouteDecision decision)
        {
            if (_key is null || _key.Length < path.Length)
            {
                _key = new byte[Math.Max(1, (path.Length + KeyStep - 1) / KeyStep) * KeyStep];
            }

            path.CopyTo(_key);
            _length = path.Length;
            _generation = generation;
            Hash = hash;
            Decision = decision;
        }
    }
}
