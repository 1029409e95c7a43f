namespace Beyla.Native;

/// <summary>A hash map (plain or least recently used) with typed keys and values. Thread-safe; each call is one system call.</summary>
/// <typeparam name="TKey">A mirror of the key; every byte counts, padding too.</typeparam>
/// <typeparam name="TValue">A mirror of the value.</typeparam>
public sealed unsafe class BpfHashMap<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private const ulong Any = 0;
    private const ulong NoExist = 1;
    private readonly BpfMap _map;

    /// <summary>A view of <paramref name="map"/>.</summary>
    /// <exception cref="ArgumentException">The map is of another type, or of other sizes.</exception>
    public BpfHashMap(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.Require(sizeof(TKey), sizeof(TValue), BpfMapType.Hash, BpfMapType.LruHash);
        _map = map;
    }

    /// <summary>
    /// The keys, fetched one by one: what changes meanwhile may be missed or seen twice, as the kernel starts over when a key is
    /// removed just as it is passed. Ends after twice as many keys as the map can have.
    /// </summary>
    public IEnumerable<TKey> Keys
    {
        get
        {
            var limit = 2L * _map.MaxEntries;
            if (!TryNext(previous: null, out var key))
            {
                yield break;
            }

            do
            {
                yield return key;
            }
            while (--limit > 0 && TryNext(key, out key));
        }
    }

    /// <summary>Copies out the value of a key.</summary>
    /// <returns>Whether it is there.</returns>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public bool TryGet(in TKey key, out TValue value)
    {
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            return Found(_map.Lookup(k, v), "read");
        }
    }

    /// <summary>Adds or overwrites.</summary>
    /// <exception cref="BpfException">The kernel refuses; E2BIG when the map is full.</exception>
    public void Set(in TKey key, in TValue value)
    {
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            BpfException.ThrowIfNegative(_map.Update(k, v, Any), "write to the map", _map.Name);
        }
    }

    /// <summary>Adds a key that is not there yet.</summary>
    /// <returns>Whether it was added.</returns>
    /// <exception cref="BpfException">The kernel refuses; E2BIG when the map is full.</exception>
    public bool SetIfAbsent(in TKey key, in TValue value)
    {
        fixed (TKey* k = &key)
        fixed (TValue* v = &value)
        {
            var result = _map.Update(k, v, NoExist);
            return result != -Errno.EEXIST && BpfException.ThrowIfNegative(result, "write to the map", _map.Name) >= 0;
        }
    }

    /// <summary>Removes a key.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public bool Remove(in TKey key)
    {
        fixed (TKey* k = &key)
        {
            return Found(_map.Delete(k), "remove from");
        }
    }

    /// <summary>Removes what is there; what is added meanwhile may stay.</summary>
    /// <returns>The number removed.</returns>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public int Clear()
    {
        var removed = 0;
        for (var limit = 2L * _map.MaxEntries; limit > 0 && TryNext(previous: null, out var key); limit--)
        {
            removed += Remove(key) ? 1 : 0;
        }

        return removed;
    }

    private bool TryNext(TKey? previous, out TKey next)
    {
        var key = previous.GetValueOrDefault();
        fixed (TKey* n = &next)
        {
            return Found(_map.NextKey(previous.HasValue ? &key : null, n), "list");
        }
    }

    private bool Found(int result, string operation) =>
        result != -Errno.ENOENT && BpfException.ThrowIfNegative(result, operation + " the map", _map.Name) >= 0;
}
