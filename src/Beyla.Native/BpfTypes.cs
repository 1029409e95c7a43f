using System.Runtime.CompilerServices;
using Beyla.Native.Interop;

namespace Beyla.Native;

/// <summary>
/// The types that a <see cref="BpfObject"/> was compiled with (BTF, Documentation/bpf/btf.rst in the kernel), to assert that
/// C# mirrors of its records have the same layout and to find its variables. Thread-safe.
/// </summary>
public sealed unsafe class BpfTypes
{
    private const uint Struct = 4;
    private const uint Union = 5;
    private const uint Enum = 6;
    private const uint Datasec = 15;
    private const uint Enum64 = 19;

    private readonly BpfObject _object;
    private readonly btf* _btf;

    internal BpfTypes(BpfObject owner, btf* btf)
    {
        _object = owner;
        _btf = btf;
    }

    /// <summary>Byte offset and size of each field of a struct or union; fields of anonymous members count as its own.</summary>
    /// <param name="name">Its tag in C, without <c>struct</c>.</param>
    /// <param name="size">Size of the whole in bytes.</param>
    /// <exception cref="KeyNotFoundException">The object has no such struct; one that nothing refers to leaves no trace.</exception>
    /// <exception cref="NotSupportedException">It has bit fields.</exception>
    public IReadOnlyDictionary<string, (int Offset, int Size)> GetStructLayout(string name, out int size)
    {
        using var lease = _object.Lease();
        var type = Find(name, Struct, Union);
        size = (int)type->SizeOrType;
        var fields = new Dictionary<string, (int, int)>();
        AddFields(type, 0, fields);
        return fields;
    }

    /// <summary>The constants of an enum by name.</summary>
    /// <param name="name">Its tag in C, without <c>enum</c>.</param>
    /// <exception cref="KeyNotFoundException">The object has no such enum; one that nothing refers to leaves no trace.</exception>
    public IReadOnlyDictionary<string, long> GetEnumValues(string name)
    {
        using var lease = _object.Lease();
        var type = Find(name, Enum, Enum64);
        var values = new Dictionary<string, long>();
        var words = (uint*)(type + 1);
        for (var i = 0; i < type->Count; i++)
        {
            if (type->Kind == Enum64)
            {
                values.Add(NameAt(words[i * 3]), (long)(words[(i * 3) + 1] | ((ulong)words[(i * 3) + 2] << 32)));
            }
            else
            {
                values.Add(NameAt(words[i * 2]), type->Flag ? (int)words[(i * 2) + 1] : words[(i * 2) + 1]);
            }
        }

        return values;
    }

    /// <summary>Where a global variable is.</summary>
    /// <param name="section">Its section and thereby its map: <c>.bss</c> (zero at first), <c>.data</c> or <c>.rodata</c> (const).</param>
    /// <param name="variable">Its name in C.</param>
    /// <returns>Byte offset in the map's one value, and size in bytes.</returns>
    /// <exception cref="KeyNotFoundException">The section has no such variable; one that no program uses is optimised away.</exception>
    public (int Offset, int Size) GetVariable(string section, string variable)
    {
        using var lease = _object.Lease();
        var known = new List<string>();
        var id = _btf == null ? -1 : LibBpf.btf__find_by_name_kind(_btf, section, Datasec);
        var type = id < 0 ? null : TypeAt((uint)id);
        for (var i = 0; type != null && i < type->Count; i++)
        {
            var entry = (uint*)(type + 1) + (i * 3);
            var name = NameAt(TypeAt(entry[0])->NameOffset);
            if (name == variable)
            {
                return ((int)entry[1], (int)entry[2]);
            }

            known.Add(name);
        }

        throw new KeyNotFoundException($"'{_object.Name}' has no variable '{variable}' in {section}, but {(known.Count == 0 ? "none" : string.Join(", ", known))}.");
    }

    private void AddFields(BtfType* type, uint baseBits, Dictionary<string, (int Offset, int Size)> fields)
    {
        var words = (uint*)(type + 1);
        for (var i = 0; i < type->Count; i++, words += 3)
        {
            var name = NameAt(words[0]);
            var bits = type->Flag ? words[2] & 0xffffff : words[2];
            if ((type->Flag && words[2] >> 24 != 0) || bits % 8 != 0)
            {
                throw new NotSupportedException($"'{NameAt(type->NameOffset)}.{name}' is a bit field.");
            }

            if (name.Length == 0 && TypeAt(words[1]) is var member && member->Kind is Struct or Union)
            {
                AddFields(member, baseBits + bits, fields);
            }
            else
            {
                fields.Add(name, ((int)(baseBits + bits) / 8, (int)LibBpf.btf__resolve_size(_btf, words[1])));
            }
        }
    }

    private BtfType* Find(string name, uint kind, uint otherKind)
    {
        var id = _btf == null ? -1 : LibBpf.btf__find_by_name_kind(_btf, name, kind);
        if (id < 0 && _btf != null)
        {
            id = LibBpf.btf__find_by_name_kind(_btf, name, otherKind);
        }

        return id >= 0 ? TypeAt((uint)id) : throw new KeyNotFoundException($"'{_object.Name}' has no type '{name}' in its BTF.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BtfType* TypeAt(uint id) => (BtfType*)LibBpf.btf__type_by_id(_btf, id);

    private string NameAt(uint offset) => Utf8.ToString(LibBpf.btf__name_by_offset(_btf, offset));

    /// <summary><c>struct btf_type</c>; what belongs to its kind follows it in memory.</summary>
    private readonly struct BtfType(uint nameOffset, uint info, uint sizeOrType)
    {
        internal readonly uint NameOffset = nameOffset;
        internal readonly uint Info = info;
        internal readonly uint SizeOrType = sizeOrType;

        internal int Count => (int)(Info & 0xffff);

        internal uint Kind => (Info >> 24) & 0x1f;

        internal bool Flag => Info >> 31 != 0;
    }
}
