using System.Text;

namespace Beyla.Capture.Uprobes.Elf;

/// <summary>
/// The symbols that the dynamic linker uses. They survive stripping, and the way to them leads over program headers alone,
/// as it does for the dynamic linker.
/// </summary>
internal sealed class DynamicSymbols
{
    private const int Buffer = 4 * 1024;
    private const int MaxTags = 512;
    private const int MaxName = 256;
    private const int MaxChain = 4096;
    private const int MaxUnhashed = 1 << 16;
    private const ushort HiddenVersion = 0x8000;

    private readonly ElfImage _image;

    // A look-up goes through three tables that lie apart.
    private readonly ByteWindow _hashes;
    private readonly ByteWindow _entries;
    private readonly ByteWindow _names;
    private long _symbols = -1;
    private long _strings = -1;
    private long _hash = -1;
    private long _gnuHash = -1;
    private long _versions = -1;

    private DynamicSymbols(ElfImage image)
    {
        _image = image;
        _hashes = image.NewWindow(Buffer);
        _entries = image.NewWindow(Buffer);
        _names = image.NewWindow(Buffer);
    }

    private enum Tag : ulong
    {
        End = 0,
        Hash = 4,
        StringTable = 5,
        SymbolTable = 6,
        GnuHash = 0x6ffffef5,
        Versions = 0x6ffffff0,
    }

    internal static DynamicSymbols Of(ElfImage image)
    {
        var symbols = new DynamicSymbols(image);
        foreach (var segment in image.Segments)
        {
            if (segment.Type == ElfSegment.Dynamic)
            {
                symbols.ReadTags(segment);
                break;
            }
        }

        return symbols;
    }

    /// <summary>The exported function of that name, in its default version if it has several.</summary>
    internal ElfFunction? Find(string name)
    {
        if (_symbols < 0 || _strings < 0 || name.Length > MaxName)
        {
            return null;
        }

        var wanted = Encoding.UTF8.GetBytes(name + '\0');
        ElfFunction? found = null;
        foreach (var index in _gnuHash >= 0 ? ByGnuHash(wanted.AsMemory(..^1)) : All())
        {
            if (!_entries.TryGet(_symbols + ((long)index * SymbolEntry.Bytes), SymbolEntry.Bytes, out var bytes))
            {
                break;
            }

            var symbol = new SymbolEntry(bytes);
            if (symbol.IsDefinedFunction
                && _names.UpTo(_strings + symbol.Name, wanted.Length).SequenceEqual(wanted)
                && _image.TryToCodeOffset(symbol.Address, out var offset))
            {
                found = new ElfFunction(name, symbol.Address, offset, symbol.Size);
                if (!IsHidden(index))
                {
                    break;
                }
            }
        }

        return found;
    }

    // Indices of the symbols whose name may be the wanted one.
    private IEnumerable<uint> ByGnuHash(ReadOnlyMemory<byte> name)
    {
        var window = _hashes;
        if (!window.TryGetUInt32(_gnuHash, out var buckets) || buckets == 0
            || !window.TryGetUInt32(_gnuHash + 4, out var first)
            || !window.TryGetUInt32(_gnuHash + 8, out var bloomWords)
            || !window.TryGetUInt32(_gnuHash + 12, out var bloomShift)
            || bloomWords == 0)
        {
            yield break;
        }

        // Most files are asked for functions that they don't have: the filter says so at once.
        var hash = GnuHash(name.Span);
        var bits = (1UL << (int)(hash % 64)) | (1UL << (int)((hash >> (int)bloomShift) % 64));
        if (!window.TryGetUInt64(_gnuHash + 16 + (hash / 64 % bloomWords * 8L), out var bloom) || (bloom & bits) != bits)
        {
            yield break;
        }

        var bucketsAt = _gnuHash + 16 + (bloomWords * 8L);
        var chainsAt = bucketsAt + (buckets * 4L);
        if (!window.TryGetUInt32(bucketsAt + (hash % buckets * 4L), out var index) || index < first)
        {
            yield break;
        }

        for (var step = 0; step < MaxChain && window.TryGetUInt32(chainsAt + ((index - first) * 4L), out var chained); step++, index++)
        {
            if ((chained | 1) == (hash | 1))
            {
                yield return index;
            }

            if ((chained & 1) != 0)
            {
                yield break;
            }
        }
    }

    private IEnumerable<uint> All()
    {
        // The old hash table tells the number of symbols in its second word. Without any the strings tell: they follow.
        var count = _hash >= 0 && _image.Window.TryGetUInt32(_hash + 4, out var chains) ? chains
            : _strings > _symbols ? (uint)Math.Min((_strings - _symbols) / SymbolEntry.Bytes, MaxUnhashed)
            : 0;
        for (var index = 1u; index < Math.Min(count, MaxUnhashed); index++)
        {
            yield return index;
        }
    }

    private bool IsHidden(uint index) =>
        _versions >= 0
        && _image.Window.TryGet(_versions + (index * 2L), sizeof(ushort), out var version)
        && ((version[0] | (version[1] << 8)) & HiddenVersion) != 0;

    private void ReadTags(in ElfSegment segment)
    {
        var most = (int)Math.Min(segment.FileSize / 16, MaxTags);
        for (var i = 0; i < most; i++)
        {
            if (!_image.Window.TryGetUInt64(segment.Offset + (i * 16L), out var tag)
                || !_image.Window.TryGetUInt64(segment.Offset + (i * 16L) + 8, out var value)
                || (Tag)tag == Tag.End)
            {
                return;
            }

            Take((Tag)tag, value);
        }
    }

    private void Take(Tag tag, ulong value)
    {
        switch (tag)
        {
            case Tag.Hash:
                _hash = OffsetOf(value);
                break;
            case Tag.GnuHash:
                _gnuHash = OffsetOf(value);
                break;
            case Tag.StringTable:
                _strings = OffsetOf(value);
                break;
            case Tag.SymbolTable:
                _symbols = OffsetOf(value);
                break;
            case Tag.Versions:
                _versions = OffsetOf(value);
                break;
        }
    }

    private long OffsetOf(ulong address) => _image.TryToOffset(address, out var offset) ? offset : -1;

    private static uint GnuHash(ReadOnlySpan<byte> name)
    {
        var hash = 5381u;
        foreach (var b in name)
        {
            hash = (hash * 33) + b;
        }

        return hash;
    }
}
