using System.Text;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// The traces that TLS libraries leave in an executable from which their symbols were stripped: they tell why there is nothing
/// to probe. Asked last, when no other provider knows the file.
/// </summary>
internal sealed class StaticTlsProvider : ITlsProvider
{
    // Names of source files, kept for error messages.
    private static readonly (string Trace, string Library)[] Traces =
    [
        ("boringssl/ssl/", "BoringSSL"),
        ("/rustls-0.", "rustls"),
        ("ssl/record/rec_layer", "OpenSSL"),
        ("ssl/record/methods/", "OpenSSL"),
    ];

    public string Library => "static TLS";

    public IEnumerable<string> Symbols => [];

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        if (!candidate.IsExecutable)
        {
            return null;
        }

        foreach (var segment in candidate.Image.Segments)
        {
            if (segment is { Type: ElfSegment.Load, IsExecutable: false })
            {
                var needles = Traces.Select(trace => Encoding.ASCII.GetBytes(trace.Trace)).ToArray();
                foreach (var (needle, _) in ByteSearch.Find(candidate.Image, segment.Offset, segment.End, needles))
                {
                    var library = Traces[needle].Library;
                    return new TlsLibraryCode(library, [], $"is not covered: {library} is linked into it and its symbols are stripped");
                }
            }
        }

        return null;
    }
}
