namespace Beyla.Native;

/// <summary>An array map that has every element once for each possible CPU. Thread-safe; each access is one system call.</summary>
/// <typeparam name="TValue">A mirror of one CPU's value.</typeparam>
public sealed unsafe class BpfPerCpuArray<TValue>
    where TValue : unmanaged
{
    private readonly BpfMap _map;

    // The kernel lays the values out at multiples of 8 bytes.
    private readonly int _stride = (sizeof(TValue) + 7) & ~7;

    /// <summary>A view of <paramref name="map"/>.</summary>
    /// <exception cref="ArgumentException">The map is of another type, or of other sizes.</exception>
    public BpfPerCpuArray(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.Require(sizeof(uint), sizeof(TValue), BpfMapType.PerCpuArray);
        _map = map;
        CpuCount = BpfRuntime.PossibleCpus;
    }

    /// <summary>Number of elements; all exist, zero at first.</summary>
    public int Length => _map.MaxEntries;

    /// <summary>Number of values of an element.</summary>
    public int CpuCount { get; }

    /// <summary>The values of one element, by CPU number.</summary>
    /// <exception cref="BpfException">The kernel refuses; ENOENT beyond the end.</exception>
    public TValue[] Read(int index)
    {
        var values = new TValue[CpuCount];
        Read(index, values);
        return values;
    }

    /// <summary>Copies the values of one element, by CPU number.</summary>
    /// <param name="index">Of the element.</param>
    /// <param name="values">Room for <see cref="CpuCount"/> values.</param>
    /// <exception cref="BpfException">The kernel refuses; ENOENT beyond the end.</exception>
    public void Read(int index, Span<TValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, CpuCount, nameof(values));
        var bytes = _stride * CpuCount;
        Span<byte> copy = bytes <= 4096 ? stackalloc byte[bytes] : new byte[bytes];
        fixed (byte* start = copy)
        {
            BpfException.ThrowIfNegative(_map.Lookup(&index, start), "read the map", _map.Name);
            for (var cpu = 0; cpu < CpuCount; cpu++)
            {
                values[cpu] = *(TValue*)(start + (cpu * _stride));
            }
        }
    }

    /// <summary>Writes the same value for every CPU.</summary>
    /// <exception cref="BpfException">The kernel refuses; E2BIG beyond the end.</exception>
    public void Fill(int index, TValue value)
    {
        var bytes = _stride * CpuCount;
        Span<byte> copy = bytes <= 4096 ? stackalloc byte[bytes] : new byte[bytes];
        copy.Clear();
        fixed (byte* start = copy)
        {
            for (var cpu = 0; cpu < CpuCount; cpu++)
            {
                *(TValue*)(start + (cpu * _stride)) = value;
            }

            BpfException.ThrowIfNegative(_map.Update(&index, start, 0), "write to the map", _map.Name);
        }
    }
}
