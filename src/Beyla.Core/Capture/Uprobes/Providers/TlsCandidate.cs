using System.Collections.Immutable;
using Beyla.Capture.Uprobes.Code;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>A file that may hold TLS code.</summary>
/// <param name="image">Its contents.</param>
/// <param name="isExecutable">Whether it is the process's executable, not a library of it.</param>
/// <param name="symbols">The names of all functions that any provider will ask for.</param>
internal sealed class TlsCandidate(ElfImage image, bool isExecutable, IReadOnlyList<string> symbols)
{
    // No function of a TLS library that is probed is near that long; what is longer is cut.
    private const int MaxCode = 16 * 1024;

    private Dictionary<string, ElfFunction>? _functions;

    internal ElfImage Image => image;

    internal bool IsExecutable => isExecutable;

    /// <summary>
    /// Those of the asked-for functions that the file has. A library's functions are exported. An executable that holds the
    /// library may export them or not, so there the symbol table is asked too: in one pass for all, because it may be huge.
    /// </summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal Dictionary<string, ElfFunction> Functions => _functions ??= FindFunctions();

    /// <summary>The sites of the functions that the file has.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal ImmutableArray<TlsSite> Sites(IEnumerable<TlsFunction> functions) =>
    [
        .. functions.Where(function => Functions.ContainsKey(function.Name)).Select(function => Site(function, Functions[function.Name])),
    ];

    /// <summary>The site of a function of the System V ABI.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal TlsSite Site(in TlsFunction function, in ElfFunction code)
    {
        var place = ProbePlacement.Find(CodeOf(code), code.Address, ArgumentRegisters.SystemV, function.NeedsReturn);
        return new TlsSite(function.Name, function.Role, function.Arguments, code.Offset + place.Delta, function.NeedsReturn, [], place.Slow);
    }

    /// <summary>The bytes of a function, at most 16 KiB of them.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal byte[] CodeOf(in ElfFunction function) => Image.ReadCode(function, function.Size == 0 ? ProbePlacement.PrologueBytes : MaxCode);

    private Dictionary<string, ElfFunction> FindFunctions()
    {
        var found = new Dictionary<string, ElfFunction>();
        foreach (var symbol in symbols)
        {
            if (image.Exports.Find(symbol) is { } function)
            {
                found.Add(symbol, function);
            }
        }

        if (isExecutable)
        {
            image.Symbols.Find(symbols, found);
        }

        return found;
    }
}
