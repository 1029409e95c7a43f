using System.Text;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// The traces that TLS libraries leave in an executable or another library from which their symbols were stripped: they tell why
/// there is nothing to probe. Asked last, when no other provider knows the file.
/// </summary>
internal sealed class StaticTlsProvider : ITlsProvider
{
    // TLS takes more, and a process has many small libraries.
    private const long SmallestLibrary = 1 << 20;

    // Names of source files, kept for error messages.
    private static readonly (string Trace, string Library)[] Traces =
    [
        ("boringssl/ssl/", "BoringSSL"),
        ("boringssl/src/ssl/", "BoringSSL"),
        ("boringssl-with-bazel/src/ssl/", "BoringSSL"), // gRPC's
        ("/rustls-0.", "rustls"),
        ("ssl/record/rec_layer", "OpenSSL"),
        ("ssl/record/methods/", "OpenSSL"),
    ];

    private static readonly byte[][] Needles = [.. Traces.Select(trace => Encoding.ASCII.GetBytes(trace.Trace))];

    public string Library => "static TLS";

    public IEnumerable<string> Symbols => [];

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        if (!candidate.IsExecutable && candidate.Image.Length < SmallestLibrary)
        {
            return null;
        }

        // Linkers used to put constants into one segment with the code.
        foreach (var segment in candidate.Image.Segments.ToArray().Where(static segment => segment.Type == ElfSegment.Load).OrderBy(static segment => segment.IsExecutable))
        {
            foreach (var (needle, _) in ByteSearch.Find(candidate.Image, segment.Offset, segment.End, Needles))
            {
                var library = Traces[needle].Library;
                return new TlsLibraryCode(library, [], $"is not covered: {library} is linked into it and its symbols are stripped") { IsWhole = candidate.IsExecutable };
            }
        }

        return null;
    }
}
