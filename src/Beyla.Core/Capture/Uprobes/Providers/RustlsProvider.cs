using System.Collections.Immutable;
using Beyla.Capture.Abi;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// rustls since 0.20, linked into an executable that kept its symbols. Plaintext goes through its <c>Reader</c> and its
/// <c>Writer</c>, which callers hold for the time of a call only; socket calls are made by its deframer.
/// </summary>
internal sealed class RustlsProvider : ITlsProvider
{
    // Parts of names, as the two ways of mangling have them. Since 0.22 there is a module "connection" between.
    private const string LegacyModule = "_$LT$rustls..conn..";
    private const string LegacyInnerModule = "connection..";
    private const string V0Module = "_6rustls4conn";
    private const string Deframer = "6rustls4msgs8deframer";

    private static readonly string[] Deframers = ["17DeframerVecBuffer", "15MessageDeframer"];

    public string Library => "rustls";

    public IEnumerable<string> Symbols => [];

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        if (!candidate.IsExecutable)
        {
            return null;
        }

        var found = new Dictionary<string, ElfFunction>();
        candidate.Image.Symbols.FindContaining([LegacyModule, V0Module, Deframer], name => FunctionOf(name) is not null, found);
        if (found.Count == 0)
        {
            return null;
        }

        ImmutableArray<TlsSite> sites =
        [
            .. found.Values.OrderBy(function => function.Offset).Select(function => candidate.Site(FunctionOf(function.Name)!.Value, function)),
        ];
        ProbeRole[] needed = [ProbeRole.Read, ProbeRole.Write, ProbeRole.Control];
        return needed.All(role => sites.Any(site => site.Role == role))
            ? new TlsLibraryCode(Library, sites, "is covered")
            : new TlsLibraryCode(Library, [], "is not covered: the compiler has dissolved the functions of rustls into others");
    }

    /// <summary>What a function of that mangled name does; <see langword="null"/> when it is none of those that matter.</summary>
    internal static TlsFunction? FunctionOf(string mangled) =>
        IsMethod(mangled, "Reader", "Read", "read") ? new(mangled, ProbeRole.Read, ProbeArguments.Rust)
        : IsMethod(mangled, "Writer", "Write", "write") ? new(mangled, ProbeRole.Write, ProbeArguments.Rust)
        : IsMethod(mangled, "Writer", "Write", "write_vectored") ? new(mangled, ProbeRole.Write, ProbeArguments.RustVectored)
        : IsDeframer(mangled) ? new(mangled, ProbeRole.Control, ProbeArguments.RustConnection)
        : null;

    // Legacy: _ZN71_$LT$rustls..conn..connection..Reader$u20$as$u20$std..io..Read$GT$4read17h0123456789abcdefE
    // v0:     _RNvXs3_NtNtCsHASH_6rustls4conn10connectionNtB5_6ReaderNtNtCsHASH_3std2io4Read4read
    private static bool IsMethod(string mangled, string type, string trait, string method) => IsLegacy(mangled)
        ? mangled.Replace(LegacyModule + LegacyInnerModule, LegacyModule, StringComparison.Ordinal)
            .Contains($"{LegacyModule}{type}$u20$as$u20$std..io..{trait}$GT${method.Length}{method}17h", StringComparison.Ordinal)
        : mangled.StartsWith("_RNvX", StringComparison.Ordinal)
            && mangled.Contains(V0Module, StringComparison.Ordinal)
            && mangled.Contains($"_{type.Length}{type}Nt", StringComparison.Ordinal)
            && mangled.EndsWith($"_3std2io{trait.Length}{trait}{method.Length}{method}", StringComparison.Ordinal);

    // Legacy: _ZN6rustls4msgs8deframer7buffers17DeframerVecBuffer4read17h0123456789abcdefE
    // v0:     _RNvMNtNtNtCsHASH_6rustls4msgs8deframer7buffersNtB2_17DeframerVecBuffer4read
    private static bool IsDeframer(string mangled) =>
        mangled.Contains(Deframer, StringComparison.Ordinal) && Array.Exists(Deframers, type => IsLegacy(mangled)
            ? mangled.Contains($"{type}4read17h", StringComparison.Ordinal)
            : mangled.StartsWith("_RNvM", StringComparison.Ordinal) && mangled.EndsWith($"{type}4read", StringComparison.Ordinal));

    private static bool IsLegacy(string mangled) => mangled.StartsWith("_ZN", StringComparison.Ordinal);
}
