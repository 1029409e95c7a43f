using System.Buffers.Binary;
using System.Text;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Go;

/// <summary>
/// The table of functions that the Go runtime needs for stack traces, so that no <c>strip</c> removes it (runtime/symtab.go,
/// cmd/link/internal/ld/pcln.go).
/// </summary>
internal sealed class PcLineTable
{
    private const int Chunk = 256 * 1024;
    private const int HeaderBytes = 72;
    private const int MaxHits = 1024;
    private const int WidePair = 16;
    private const int NarrowPair = 8;

    private readonly ElfImage _image;
    private readonly PcLineTableFormat _format;

    // Offsets in the file, and the number of functions.
    private readonly long _start;
    private readonly long _names;
    private readonly long _namesEnd;
    private readonly long _functions;
    private readonly long _count;
    private readonly ulong _textStart;

    private PcLineTable(ElfImage image, PcLineTableFormat format, long start, long end, ReadOnlySpan<byte> header)
    {
        _image = image;
        _format = format;
        _start = start;
        var words = new long[8];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadInt64LittleEndian(header[(8 + (i * 8))..]);
        }

        // Go 1.18 put the start of the text before the offsets.
        var offsets = IsRelative ? 3 : 2;
        (_names, _namesEnd, _functions) = format == PcLineTableFormat.Go12
            ? (start, end, start + 16)
            : (start + words[offsets], start + words[offsets + 1], start + words[offsets + 4]);
        _count = words[0];
        _textStart = IsRelative ? (ulong)words[2] : 0;
        IsPlausible = _count > 0 && _count < (end - start) / PairBytes
            && _names >= start && _names < _namesEnd && _namesEnd <= end
            && _functions > start && _functions < end;
    }

    private bool IsRelative => _format is PcLineTableFormat.Go118 or PcLineTableFormat.Go120;

    private bool IsPlausible { get; }

    private int PairBytes => IsRelative ? NarrowPair : WidePair;

    /// <summary>The table of a Go executable, found by its section or, where the linker gave it none of its own, by its magic number.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal static PcLineTable? Find(ElfImage image)
    {
        if (image.TryFindSection(".gopclntab"u8, out var section) || image.TryFindSection(".data.rel.ro.gopclntab"u8, out section))
        {
            return At(image, section.Offset, section.Offset + section.Size);
        }

        foreach (var segment in image.Segments)
        {
            if (segment.Type == ElfSegment.Load && Scan(image, segment) is { } table)
            {
                return table;
            }
        }

        return null;
    }

    /// <summary>Adds those of the named functions that the table has.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal void FindFunctions(IReadOnlyList<string> names, Dictionary<string, ElfFunction> found)
    {
        var wanted = PlacesOf(names);
        if (wanted.Count == 0 || TextStart() is not { } text)
        {
            return;
        }

        foreach (var (name, entry, size) in Entries(wanted))
        {
            if (_image.TryToCodeOffset(text + entry, out var offset))
            {
                found.TryAdd(name, new ElfFunction(name, text + entry, offset, size));
            }
        }
    }

    private static PcLineTable? Scan(ElfImage image, in ElfSegment segment)
    {
        // What follows the last byte of the magic number: padding, instructions of one byte, pointers of eight.
        foreach (var (_, offset) in ByteSearch.Find(image, segment.Offset, segment.End, [0xff, 0xff, 0xff, 0, 0, 1, 8]))
        {
            if (At(image, offset - 1, segment.End) is { } table)
            {
                return table;
            }
        }

        return null;
    }

    private static PcLineTable? At(ElfImage image, long start, long end)
    {
        if (!image.Window.TryGet(start, HeaderBytes, out var header) || header[4] != 0 || header[5] != 0 || header[6] != 1 || header[7] != 8)
        {
            return null;
        }

        var format = (PcLineTableFormat)BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (format is not (PcLineTableFormat.Go12 or PcLineTableFormat.Go116 or PcLineTableFormat.Go118 or PcLineTableFormat.Go120))
        {
            return null;
        }

        var table = new PcLineTable(image, format, start, Math.Min(end, image.Length), header);
        return table.IsPlausible ? table : null;
    }

    // The place of each name, as the entries of functions give it. What ends another name is not the wanted one.
    private Dictionary<int, string> PlacesOf(IReadOnlyList<string> names)
    {
        var places = new Dictionary<int, string>();
        var needles = names.Select(name => Encoding.UTF8.GetBytes(name + '\0')).ToArray();
        foreach (var (needle, offset) in ByteSearch.Find(_image, _names, _namesEnd, needles).Take(MaxHits))
        {
            if (offset == _names || (_image.Window.TryGet(offset - 1, 1, out var before) && before[0] == 0))
            {
                places.TryAdd((int)(offset - _names), names[needle]);
            }
        }

        return places;
    }

    private IEnumerable<(string Name, ulong Entry, ulong Size)> Entries(Dictionary<int, string> wanted)
    {
        var pairs = _image.NewWindow(Chunk);
        var functions = _image.NewWindow(Chunk);

        // A function begins with its entry, as in the pair, and the place of its name.
        var entryBytes = PairBytes / 2;
        var origin = _format == PcLineTableFormat.Go12 ? _start : _functions;
        for (var i = 0L; i < _count && wanted.Count > 0; i++)
        {
            if (!pairs.TryGet(_functions + (i * PairBytes), PairBytes + entryBytes, out var pair))
            {
                yield break;
            }

            var (entry, function, next) = IsRelative
                ? (BinaryPrimitives.ReadUInt32LittleEndian(pair),
                    BinaryPrimitives.ReadUInt32LittleEndian(pair[4..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(pair[8..]))
                : (BinaryPrimitives.ReadUInt64LittleEndian(pair),
                    BinaryPrimitives.ReadInt64LittleEndian(pair[8..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(pair[16..]));
            if (functions.TryGetUInt32(origin + function + entryBytes, out var name)
                && wanted.Remove((int)name, out var text))
            {
                yield return (text, entry, next > entry ? next - entry : 0);
            }
        }
    }

    // What relative entries are relative to. Go 1.26 took it out of the table; then a function whose address the entry point
    // of the file tells leads to it: that of Go's own entry point, or the "main" to which the C library's passes control.
    private ulong? TextStart()
    {
        if (!IsRelative)
        {
            return 0;
        }

        if (_image.TryToCodeOffset(_textStart, out _))
        {
            return _textStart;
        }

        if (GoEntryPoint.Find(_image) is { } known)
        {
            foreach (var (_, entry, _) in Entries(PlacesOf([known.Function])))
            {
                return known.Address - entry;
            }
        }

        return null;
    }
}
