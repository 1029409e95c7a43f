namespace Beyla.Native;

/// <summary>An array map with typed values. Thread-safe; each access is one system call.</summary>
/// <typeparam name="TValue">A mirror of the value.</typeparam>
public sealed unsafe class BpfArrayMap<TValue>
    where TValue : unmanaged
{
    private readonly BpfMap _map;

    /// <summary>A view of <paramref name="map"/>.</summary>
    /// <exception cref="ArgumentException">The map is of another type, or of other sizes.</exception>
    public BpfArrayMap(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.Require(sizeof(uint), sizeof(TValue), BpfMapType.Array);
        _map = map;
    }

    /// <summary>Number of elements; all exist, zero at first.</summary>
    public int Length => _map.MaxEntries;

    /// <summary>Reads or writes one element. A BPF program may see a value half written.</summary>
    /// <exception cref="BpfException">The kernel refuses; ENOENT or E2BIG beyond the end.</exception>
    public TValue this[int index]
    {
        get
        {
            TValue value;
            BpfException.ThrowIfNegative(_map.Lookup(&index, &value), "read the map", _map.Name);
            return value;
        }

        set => BpfException.ThrowIfNegative(_map.Update(&index, &value, 0), "write to the map", _map.Name);
    }
}
