using System.Buffers.Binary;

namespace Beyla.Capture.Uprobes.Elf;

/// <summary>
/// An ELF-64 file for x86-64 (or a part of one: nothing in it is believed). Keeps the headers; everything else is read when
/// asked for, in bounded pieces. Not thread-safe.
/// </summary>
internal sealed class ElfImage
{
    private const int HeaderSize = 64;
    private const int SegmentSize = 56;
    private const int SectionSize = 64;
    private const long MaxRead = 512L * 1024 * 1024;
    private const int MaxSegments = 256;
    private const int MaxSections = 4096;
    private const int MaxSectionName = 64;
    private const ushort MachineX64 = 62;
    private const ushort TypeExecutable = 2;
    private const ushort TypeShared = 3;

    private readonly IByteSource _source;
    private readonly ElfSegment[] _segments;
    private readonly ElfSection[] _sections;
    private readonly long _sectionNames;
    private DynamicSymbols? _exports;
    private SymbolTable? _symbols;

    private ElfImage(IByteSource source, ulong entryPoint, ElfSegment[] segments, ElfSection[] sections, long sectionNames)
    {
        EntryPoint = entryPoint;
        _source = source;
        _segments = segments;
        _sections = sections;
        _sectionNames = sectionNames;
        Window = new ByteWindow(source);
    }

    /// <summary>Magic, 64 bits, little-endian, version 1.</summary>
    private static ReadOnlySpan<byte> Ident => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];

    /// <summary>For reads here and there. Whoever reads much in a row makes a window of its own.</summary>
    internal ByteWindow Window { get; }

    /// <summary>Virtual address at which the program starts.</summary>
    internal ulong EntryPoint { get; }

    internal long Length => _source.Length;

    internal ReadOnlySpan<ElfSegment> Segments => _segments;

    /// <summary>Empty when the section headers were stripped, or are damaged.</summary>
    internal ReadOnlySpan<ElfSection> Sections => _sections;

    /// <summary>What the dynamic linker sees.</summary>
    internal DynamicSymbols Exports => _exports ??= DynamicSymbols.Of(this);

    /// <summary>What only debuggers see.</summary>
    internal SymbolTable Symbols => _symbols ??= SymbolTable.Of(this);

    /// <param name="source">Must live as long as the image is used.</param>
    /// <param name="problem">Why there is no image: the rest of a sentence that begins with the file's name.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal static ElfImage? TryRead(IByteSource source, out string? problem)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (source.Read(0, header) < HeaderSize || header[..4].SequenceEqual(Ident[..4]) is false)
        {
            problem = "is no ELF file";
            return null;
        }

        problem = !header.StartsWith(Ident) || BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) != MachineX64 ? "is not for x86-64"
            : BinaryPrimitives.ReadUInt16LittleEndian(header[16..]) is not (TypeExecutable or TypeShared) ? "is neither an executable nor a shared library"
            : null;
        if (problem is not null)
        {
            return null;
        }

        source = new BudgetedSource(source, MaxRead);
        var segments = ReadSegments(source, header);
        var sections = ReadSections(source, header);
        var names = BinaryPrimitives.ReadUInt16LittleEndian(header[62..]);
        var entryPoint = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        return new ElfImage(source, entryPoint, segments, sections, names < sections.Length ? sections[names].Offset : -1);
    }

    /// <summary>A window of the caller's own.</summary>
    internal ByteWindow NewWindow(int capacity) => new(_source, capacity);

    /// <summary>The section of that name that has bytes in the file.</summary>
    internal bool TryFindSection(ReadOnlySpan<byte> name, out ElfSection section)
    {
        foreach (var candidate in _sections)
        {
            if (candidate.Type != ElfSection.NoBits && HasName(candidate, name))
            {
                section = candidate;
                return true;
            }
        }

        section = default;
        return false;
    }

    internal bool HasName(in ElfSection section, ReadOnlySpan<byte> name)
    {
        if (_sectionNames < 0 || name.Length >= MaxSectionName)
        {
            return false;
        }

        var text = Window.UpTo(_sectionNames + section.Name, name.Length + 1);
        return text.Length == name.Length + 1 && text.StartsWith(name) && text[^1] == 0;
    }

    /// <summary>Where the byte of a virtual address lies in the file.</summary>
    internal bool TryToOffset(ulong address, out long offset) => TryToOffset(address, executable: false, out offset);

    /// <summary>Where the instruction of a virtual address lies in the file; none when it would not be mapped executable.</summary>
    internal bool TryToCodeOffset(ulong address, out long offset) => TryToOffset(address, executable: true, out offset);

    /// <summary>The first bytes of a function, at most <paramref name="most"/>.</summary>
    internal byte[] ReadCode(in ElfFunction function, int most)
    {
        var code = new byte[function.Size == 0 ? most : (int)Math.Min(function.Size, (ulong)most)];
        return code[.._source.Read(function.Offset, code)];
    }

    private static ElfSegment[] ReadSegments(IByteSource source, ReadOnlySpan<byte> header)
    {
        var at = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
        var count = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(header[56..]), (ushort)MaxSegments);
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[54..]) != SegmentSize)
        {
            return [];
        }

        var bytes = ReadTable(source, at, count, SegmentSize);
        var segments = new ElfSegment[bytes.Length / SegmentSize];
        for (var i = 0; i < segments.Length; i++)
        {
            var entry = bytes.AsSpan(i * SegmentSize);
            segments[i] = new ElfSegment(
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) & 1) != 0,
                BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]));
        }

        return segments;
    }

    private static ElfSection[] ReadSections(IByteSource source, ReadOnlySpan<byte> header)
    {
        var at = BinaryPrimitives.ReadInt64LittleEndian(header[40..]);
        var count = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(header[60..]), (ushort)MaxSections);
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[58..]) != SectionSize)
        {
            return [];
        }

        var bytes = ReadTable(source, at, count, SectionSize);
        var sections = new ElfSection[bytes.Length / SectionSize];
        for (var i = 0; i < sections.Length; i++)
        {
            var entry = bytes.AsSpan(i * SectionSize);
            var offset = BinaryPrimitives.ReadInt64LittleEndian(entry[24..]);
            var size = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]);
            var room = offset >= 0 ? Math.Max(source.Length - offset, 0) : 0;
            sections[i] = new ElfSection(
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                offset,
                (long)Math.Min(size, (ulong)room),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[40..]));
        }

        return sections;
    }

    private static byte[] ReadTable(IByteSource source, long at, int count, int size)
    {
        if (at <= 0 || at >= source.Length)
        {
            return [];
        }

        var bytes = new byte[count * size];
        return bytes[..source.Read(at, bytes)];
    }

    private bool TryToOffset(ulong address, bool executable, out long offset)
    {
        foreach (var segment in _segments)
        {
            var into = address - segment.Address;
            if (segment.Type == ElfSegment.Load && (segment.IsExecutable || !executable) && into < segment.FileSize)
            {
                offset = segment.Offset + (long)into;
                return offset >= 0 && offset < _source.Length;
            }
        }

        offset = 0;
        return false;
    }
}
