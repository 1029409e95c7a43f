using System.Text;

namespace Beyla.Capture.Uprobes.Elf;

/// <summary>
/// The symbol table that <c>strip</c> removes. It may have millions of entries and none is kept: the names are searched for
/// the wanted ones first, then the entries for those names.
/// </summary>
internal sealed class SymbolTable
{
    private const int Chunk = 256 * 1024;
    private const long MaxBytes = 512L * 1024 * 1024;
    private const int MaxNames = 4096;
    private const int MaxName = 512;

    private readonly ElfImage _image;
    private readonly ElfSection _symbols;
    private readonly ElfSection _strings;

    private SymbolTable(ElfImage image, ElfSection symbols, ElfSection strings)
    {
        _image = image;
        _symbols = symbols;
        _strings = strings;
    }

    /// <summary>Whether there is none.</summary>
    internal bool IsStripped => _symbols.Size < 2 * SymbolEntry.Bytes;

    internal static SymbolTable Of(ElfImage image)
    {
        var sections = image.Sections;
        foreach (var section in sections)
        {
            if (section.Type == ElfSection.SymbolTable && section.Link < sections.Length)
            {
                return new SymbolTable(image, section, sections[(int)section.Link]);
            }
        }

        return new SymbolTable(image, default, default);
    }

    /// <summary>Adds those of the named functions that the table has.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal void Find(IReadOnlyList<string> names, Dictionary<string, ElfFunction> found)
    {
        if (IsStripped)
        {
            return;
        }

        // Linkers keep a name that ends another one inside that, so what is before a name doesn't matter.
        var places = new Dictionary<uint, string>();
        var needles = names.Select(name => Encoding.UTF8.GetBytes(name + '\0')).ToArray();
        SearchStrings(needles, (needle, place) => places.TryAdd(place, names[needle]));
        Resolve(places, found);
    }

    /// <summary>Adds the functions whose mangled name contains a text and pleases.</summary>
    /// <param name="part">ASCII; looked for first, so the rarer the better.</param>
    /// <param name="pleases">Looks at the whole name.</param>
    /// <param name="found">By name.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal void FindContaining(string part, Func<string, bool> pleases, Dictionary<string, ElfFunction> found)
    {
        if (IsStripped)
        {
            return;
        }

        var places = new Dictionary<uint, string>();
        SearchStrings([Encoding.ASCII.GetBytes(part)], (_, place) => AddWhole(place, pleases, places));
        Resolve(places, found);
    }

    private void AddWhole(uint place, Func<string, bool> pleases, Dictionary<uint, string> places)
    {
        var before = Math.Min(place, MaxName);
        var text = _image.Window.UpTo(_strings.Offset + place - before, (int)before + MaxName);
        if (text.Length <= before)
        {
            return;
        }

        var start = text[..(int)before].LastIndexOf((byte)0) + 1;
        var length = text[start..].IndexOf((byte)0);
        if (length <= 0)
        {
            return;
        }

        var name = Encoding.UTF8.GetString(text.Slice(start, length));
        if (pleases(name))
        {
            places.TryAdd((uint)(place - before + start), name);
        }
    }

    private void SearchStrings(byte[][] needles, Action<int, uint> hit)
    {
        var longest = needles.Max(needle => needle.Length);
        var window = _image.NewWindow(Chunk);
        var hits = 0;
        for (var at = 0L; at < Math.Min(_strings.Size, MaxBytes); at += Chunk - longest + 1)
        {
            var chunk = window.UpTo(_strings.Offset + at, (int)Math.Min(Chunk, _strings.Size - at));
            for (var i = 0; i < needles.Length; i++)
            {
                for (var from = 0; chunk[from..].IndexOf(needles[i]) is >= 0 and var into; from += into + 1)
                {
                    if (++hits > MaxNames)
                    {
                        return;
                    }

                    hit(i, (uint)(at + from + into));
                }
            }

            if (chunk.Length < Chunk)
            {
                return;
            }
        }
    }

    private void Resolve(Dictionary<uint, string> places, Dictionary<string, ElfFunction> found)
    {
        if (places.Count == 0)
        {
            return;
        }

        const int Batch = Chunk / SymbolEntry.Bytes * SymbolEntry.Bytes;
        var window = _image.NewWindow(Batch);
        for (var at = 0L; at < Math.Min(_symbols.Size, MaxBytes); at += Batch)
        {
            var batch = window.UpTo(_symbols.Offset + at, (int)Math.Min(Batch, _symbols.Size - at));
            for (; batch.Length >= SymbolEntry.Bytes; batch = batch[SymbolEntry.Bytes..])
            {
                var symbol = new SymbolEntry(batch);
                if (symbol.IsDefinedFunction && places.TryGetValue(symbol.Name, out var name)
                    && _image.TryToCodeOffset(symbol.Address, out var offset))
                {
                    found.TryAdd(name, new ElfFunction(name, symbol.Address, offset, symbol.Size));
                }
            }
        }
    }
}
