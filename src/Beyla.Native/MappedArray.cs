using System.Runtime.CompilerServices;
using Beyla.Native.Handles;

namespace Beyla.Native;

/// <summary>
/// The memory of an array map (or of the object's variables) mapped into this process: reads and writes are seen by the BPF
/// programs at once and cost no system call. The map must have the flag <c>BPF_F_MMAPABLE</c>; those of variables have it.
/// Ordering between threads is the caller's business. Spans and references into it must not be used after
/// <see cref="Dispose"/>. It outlives the <see cref="BpfObject"/>.
/// </summary>
public sealed unsafe class MappedArray : IDisposable
{
    private const uint Mappable = 1u << 10;
    private readonly MappedMemory _memory;

    /// <summary>Maps the memory of <paramref name="map"/>.</summary>
    /// <param name="map">A map of a loaded object.</param>
    /// <param name="writable">False for <c>.rodata</c>, which is frozen.</param>
    /// <exception cref="ArgumentException">The map is no array or not mappable.</exception>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public MappedArray(BpfMap map, bool writable = true)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Type != BpfMapType.Array || (map.Flags & Mappable) == 0)
        {
            throw new ArgumentException($"Map '{map.Name}' is no array with BPF_F_MMAPABLE.", nameof(map));
        }

        // The kernel lays the elements out at multiples of 8 bytes.
        Stride = (map.ValueSize + 7) & ~7;
        Length = map.MaxEntries;
        var page = (nuint)Environment.SystemPageSize;
        using var lease = map.Lease();
        _memory = MappedMemory.Map(map.Fd, 0, ((nuint)Stride * (nuint)Length + page - 1) & ~(page - 1), writable, map.Name);
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>Bytes from one element to the next: the value's size rounded up to 8.</summary>
    public int Stride { get; }

    /// <summary>All elements.</summary>
    public Span<byte> Bytes => new(_memory.Address, checked(Stride * Length));

    internal MappedMemory Memory => _memory;

    /// <summary>A variable at a byte offset, as <see cref="BpfTypes.GetVariable"/> gives it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It reaches beyond the map.</exception>
    public ref T At<T>(int byteOffset)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)byteOffset + sizeof(T), (long)Stride * Length, nameof(byteOffset));
        return ref Unsafe.AsRef<T>(_memory.Address + byteOffset);
    }

    /// <summary>One element, or its first field.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element, or <typeparamref name="T"/> is larger than one.</exception>
    public ref T Element<T>(int index)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeof(T), Stride, nameof(T));
        return ref Unsafe.AsRef<T>(_memory.Address + ((nint)index * Stride));
    }

    /// <summary>Unmaps the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
