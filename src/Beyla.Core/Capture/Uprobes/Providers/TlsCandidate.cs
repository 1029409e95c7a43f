using System.Collections.Immutable;
using Beyla.Capture.Uprobes.Code;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>A file that may hold TLS code.</summary>
/// <param name="image">Its contents.</param>
/// <param name="name">The last part of its path.</param>
/// <param name="isExecutable">Whether it is the process's executable, not a library of it.</param>
internal sealed class TlsCandidate(ElfImage image, string name, bool isExecutable)
{
    // No function of a TLS library that is probed is near that long; what is longer is cut.
    private const int MaxCode = 16 * 1024;

    internal ElfImage Image => image;

    internal string Name => name;

    internal bool IsExecutable => isExecutable;

    /// <summary>
    /// The sites of the functions that the file has. A library's functions are exported. An executable that holds the library
    /// may export them or not, so there the symbol table is asked too.
    /// </summary>
    internal ImmutableArray<TlsSite> Sites(IReadOnlyList<TlsFunction> functions)
    {
        var found = Functions([.. functions.Select(function => function.Name)]);
        return
        [
            .. functions.Where(function => found.ContainsKey(function.Name)).Select(function => Site(function, found[function.Name])),
        ];
    }

    /// <summary>Those of the functions that the file has, by name.</summary>
    internal Dictionary<string, ElfFunction> Functions(IReadOnlyCollection<string> names)
    {
        var found = new Dictionary<string, ElfFunction>();
        foreach (var name in names)
        {
            if (Image.Exports.Find(name) is { } function)
            {
                found.Add(name, function);
            }
        }

        if (isExecutable && found.Count < names.Count)
        {
            Image.Symbols.Find([.. names.Where(name => !found.ContainsKey(name))], found);
        }

        return found;
    }

    /// <summary>The bytes of a function, at most 16 KiB of them.</summary>
    internal byte[] CodeOf(in ElfFunction function) => Image.ReadCode(function, function.Size == 0 ? ProbePlacement.PrologueBytes : MaxCode);

    private TlsSite Site(in TlsFunction function, in ElfFunction code)
    {
        var place = ProbePlacement.Find(CodeOf(code), code.Address, ArgumentRegisters.SystemV, function.NeedsReturn);
        return new TlsSite(function.Name, function.Role, function.Arguments, code.Offset + place.Delta, function.NeedsReturn, [], place.Slow);
    }
}
