using System.Collections.Immutable;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// rustls, linked into an executable that kept its symbols. Plaintext goes through <c>Read</c> of its <c>Reader</c> and
/// <c>Write</c> of its <c>Writer</c>, which callers hold for the time of a call only.
/// </summary>
internal sealed class RustlsProvider : ITlsProvider
{
    // The two ways in which Rust has mangled the path rustls::conn::connection::{Reader, Writer}.
    private const string Legacy = "rustls..conn..connection..";
    private const string V0 = "6rustls4conn10connection";

    public string Library => "rustls";

    public IEnumerable<string> Symbols => [];

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        if (!candidate.IsExecutable)
        {
            return null;
        }

        var found = new Dictionary<string, ElfFunction>();
        candidate.Image.Symbols.FindContaining([Legacy, V0], name => RoleOf(name) != TlsRole.None, found);
        if (found.Count == 0)
        {
            return null;
        }

        ImmutableArray<TlsSite> sites =
        [
            .. found.Values.OrderBy(function => function.Offset).Select(function =>
                candidate.Site(new TlsFunction(function.Name, RoleOf(function.Name), TlsArguments.RustResult), function)),
        ];
        return new TlsLibraryCode(Library, sites, "is covered");
    }

    /// <summary>What a function of that mangled name does.</summary>
    internal static TlsRole RoleOf(string mangled)
    {
        // Legacy: _ZN71_$LT$rustls..conn..connection..Reader$u20$as$u20$std..io..Read$GT$4read17h0123456789abcdefE
        // v0:     _RNvXs3_NtNtCsHASH_6rustls4conn10connectionNtB5_6ReaderNtNtCsHASH_3std2io4Read4read
        var legacy = mangled.StartsWith("_ZN", StringComparison.Ordinal);
        bool Is(string type, string trait, string method) => legacy
            ? mangled.Contains($"_$LT${Legacy}{type}$u20$as$u20$std..io..{trait}$GT${method.Length}{method}17h", StringComparison.Ordinal)
            : mangled.StartsWith("_RNvX", StringComparison.Ordinal)
                && mangled.Contains($"_{V0}Nt", StringComparison.Ordinal)
                && mangled.Contains($"_{type.Length}{type}Nt", StringComparison.Ordinal)
                && mangled.EndsWith($"_3std2io{trait.Length}{trait}{method.Length}{method}", StringComparison.Ordinal);
        return Is("Reader", "Read", "read") ? TlsRole.Read
            : Is("Writer", "Write", "write") ? TlsRole.Write
            : TlsRole.None;
    }
}
