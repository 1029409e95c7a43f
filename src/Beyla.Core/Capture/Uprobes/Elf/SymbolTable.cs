using System.Text;

namespace Beyla.Capture.Uprobes.Elf;

/// <summary>
/// The symbol table that <c>strip</c> removes. It may have millions of entries and none is kept: the names are searched for
/// the wanted ones first, then the entries for those names.
/// </summary>
internal sealed class SymbolTable
{
    private const int Batch = 10_000 * SymbolEntry.Bytes;
    private const int MaxHits = 4096;
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
        // Linkers keep a name that ends another one inside that, so what is before a name doesn't matter.
        var places = new Dictionary<uint, string>();
        foreach (var (needle, place) in Search([.. names.Select(name => Encoding.UTF8.GetBytes(name + '\0'))]))
        {
            places.TryAdd(place, names[needle]);
        }

        Resolve(places, found);
    }

    /// <summary>Adds the functions whose mangled name contains one of some texts and pleases.</summary>
    /// <param name="parts">ASCII.</param>
    /// <param name="pleases">Looks at the whole name.</param>
    /// <param name="found">By name.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal void FindContaining(IReadOnlyList<string> parts, Func<string, bool> pleases, Dictionary<string, ElfFunction> found)
    {
        var places = new Dictionary<uint, string>();
        foreach (var (_, place) in Search([.. parts.Select(Encoding.ASCII.GetBytes)]))
        {
            if (NameAround(place, out var start) is { } name && pleases(name))
            {
                places.TryAdd(start, name);
            }
        }

        Resolve(places, found);
    }

    private IEnumerable<(int Needle, uint Place)> Search(byte[][] needles) => IsStripped
        ? []
        : ByteSearch.Find(_image, _strings.Offset, _strings.Offset + _strings.Size, needles)
            .Take(MaxHits)
            .Select(hit => (hit.Needle, (uint)(hit.Offset - _strings.Offset)));

    private string? NameAround(uint place, out uint start)
    {
        var before = Math.Min(place, MaxName);
        var text = _image.Window.UpTo(_strings.Offset + place - before, (int)before + MaxName);
        start = 0;
        if (text.Length <= before)
        {
            return null;
        }

        var from = text[..(int)before].LastIndexOf((byte)0) + 1;
        var length = text[from..].IndexOf((byte)0);
        start = place - before + (uint)from;
        return length <= 0 ? null : Encoding.UTF8.GetString(text.Slice(from, length));
    }

    private void Resolve(Dictionary<uint, string> places, Dictionary<string, ElfFunction> found)
    {
        if (places.Count == 0)
        {
            return;
        }

        var window = _image.NewWindow(Batch);
        for (var at = 0L; at < _symbols.Size; at += Batch)
        {
            var batch = window.UpTo(_symbols.Offset + at, (int)Math.Min(Batch, _symbols.Size - at));
            if (batch.IsEmpty)
            {
                break;
            }

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
