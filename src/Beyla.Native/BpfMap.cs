using System.Buffers;
using Beyla.Native.Handles;
using Beyla.Native.Interop;

namespace Beyla.Native;

/// <summary>
/// A map of a <see cref="BpfObject"/>, owned by it. What is in it is read through <see cref="BpfHashMap{TKey,TValue}"/>,
/// <see cref="BpfArrayMap{TValue}"/>, <see cref="BpfPerCpuArray{TValue}"/>, <see cref="MappedArray"/> and
/// <see cref="RingBufferReader"/>. Thread-safe once the object is loaded.
/// </summary>
public sealed unsafe class BpfMap
{
    // What a look at many entries may copy at once.
    private const int CountingBytes = 64 * 1024;

    private readonly BpfObject _object;

    internal BpfMap(BpfObject owner, bpf_map* map)
    {
        _object = owner;
        Pointer = map;
        Name = Utf8.ToString(LibBpf.bpf_map__name(map));
        Type = (BpfMapType)LibBpf.bpf_map__type(map);
        KeySize = (int)LibBpf.bpf_map__key_size(map);
        ValueSize = (int)LibBpf.bpf_map__value_size(map);
        Flags = LibBpf.bpf_map__map_flags(map);
    }

    /// <summary>Name in the C source; a map of variables has the object's name before its section's.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public BpfMapType Type { get; }

    /// <summary>Bytes of a key.</summary>
    public int KeySize { get; }

    /// <summary>Bytes of a value; of one CPU's for a per-CPU map.</summary>
    public int ValueSize { get; }

    /// <summary>Most elements it can have; for a ring buffer its bytes. Set only before the object is loaded.</summary>
    /// <exception cref="InvalidOperationException">Set after the load.</exception>
    public int MaxEntries
    {
        get
        {
            using var lease = _object.Lease();
            return (int)LibBpf.bpf_map__max_entries(Pointer);
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _object.ThrowIfLoaded();
            using var lease = _object.Lease();
            BpfException.ThrowIfNegative(LibBpf.bpf_map__set_max_entries(Pointer, (uint)value), "size the map", Name);
        }
    }

    /// <summary>Its file descriptor, owned by the object.</summary>
    /// <exception cref="InvalidOperationException">The object is not loaded.</exception>
    public int Fd
    {
        get
        {
            using var lease = _object.Lease();
            var fd = LibBpf.bpf_map__fd(Pointer);
            return fd >= 0 ? fd : throw new InvalidOperationException($"Map '{Name}' doesn't exist yet: load the object first.");
        }
    }

    /// <summary>Id, unique on the machine while the map lives.</summary>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public int Id
    {
        get
        {
            using var lease = _object.Lease();
            bpf_map_info info = default;
            var size = (uint)sizeof(bpf_map_info);
            BpfException.ThrowIfNegative(LibBpf.bpf_obj_get_info_by_fd(Fd, &info, &size), "ask about the map", Name);
            return (int)info.id;
        }
    }

    internal bpf_map* Pointer { get; }

    internal uint Flags { get; }

    /// <summary>Leaves the map out of the load, for a kernel that has no such type. Only before the load; programs that use it must be left out too.</summary>
    /// <exception cref="InvalidOperationException">The object is loaded already.</exception>
    public void Omit()
    {
        _object.ThrowIfLoaded();
        using var lease = _object.Lease();
        BpfException.ThrowIfNegative(LibBpf.bpf_map__set_autocreate(Pointer, false), "leave out the map", Name);
    }

    /// <summary>
    /// Counts the entries of a hash map, some thousand with each system call: the kernel keeps no count. What changes
    /// meanwhile may be missed or counted twice.
    /// </summary>
    /// <exception cref="InvalidOperationException">The map is of a type that has no entries to count.</exception>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public long CountEntries()
    {
        var valueBytes = Type switch
        {
            BpfMapType.Hash or BpfMapType.LruHash => ValueSize,
            BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash => (ValueSize + 7) / 8 * 8 * BpfRuntime.PossibleCpus,
            _ => throw new InvalidOperationException($"Map '{Name}' is of type {Type}: only the entries of hash maps can be counted."),
        };
        using var lease = Lease();
        var fd = LibBpf.bpf_map__fd(Pointer);
        for (var room = Math.Clamp(CountingBytes / (KeySize + valueBytes), 16, MaxEntries + 16); ; room *= 2)
        {
            if (TryCount(fd, room, valueBytes, out var entries))
            {
                return entries;
            }
        }
    }

    /// <summary>Bytes of kernel memory that it holds, as the kernel accounts for it.</summary>
    public long ReadMemoryBytes()
    {
        using var lease = _object.Lease();
        return DescriptorMemory.Read(Fd);
    }

    internal HandleLease Lease() => _object.Lease();

    /// <summary>Refuses a map that the C# side takes for another: the kernel would read or write beyond its buffers.</summary>
    internal void Require(int keySize, int valueSize, params ReadOnlySpan<BpfMapType> types)
    {
        if (!types.Contains(Type))
        {
            throw new ArgumentException($"Map '{Name}' is of type {Type}; {string.Join(" or ", types.ToArray())} is needed.");
        }

        if (KeySize != keySize || ValueSize != valueSize)
        {
            throw new ArgumentException($"Map '{Name}' has keys of {KeySize} and values of {ValueSize} bytes; C# has {keySize} and {valueSize}.");
        }
    }

    // The error number negated, or 0; EBADF before the load.
    internal int Lookup(void* key, void* value)
    {
        using var lease = Lease();
        return LibBpf.bpf_map_lookup_elem(LibBpf.bpf_map__fd(Pointer), key, value);
    }

    internal int Update(void* key, void* value, ulong flags)
    {
        using var lease = Lease();
        return LibBpf.bpf_map_update_elem(LibBpf.bpf_map__fd(Pointer), key, value, flags);
    }

    internal int Delete(void* key)
    {
        using var lease = Lease();
        return LibBpf.bpf_map_delete_elem(LibBpf.bpf_map__fd(Pointer), key);
    }

    internal int NextKey(void* key, void* next)
    {
        using var lease = Lease();
        return LibBpf.bpf_map_get_next_key(LibBpf.bpf_map__fd(Pointer), key, next);
    }

    /// <returns>False when a bucket of the hash has more entries than there is room for.</returns>
    private bool TryCount(int fd, int room, int valueBytes, out long entries)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(room * (KeySize + valueBytes));
        try
        {
            entries = 0;
            fixed (byte* keys = bytes)
            {
                // Where the kernel goes on: the number of a bucket.
                uint position = 0;
                var isFirst = true;
                while (true)
                {
                    var count = (uint)room;
                    var result = LibBpf.bpf_map_lookup_batch(fd, isFirst ? null : &position, &position, keys, keys + (room * KeySize), &count, null);
                    if (result == -Errno.ENOSPC)
                    {
                        return false;
                    }

                    entries += result is 0 or -Errno.ENOENT ? count : BpfException.ThrowIfNegative(result, "count the entries of the map", Name);
                    if (result == -Errno.ENOENT)
                    {
                        return true;
                    }

                    isFirst = false;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
