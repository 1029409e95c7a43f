using Beyla.Capture.Abi;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// The BIOs of OpenSSL's libcrypto (or of an executable that holds it). A program that moves ciphertext itself, between its
/// sockets and memory BIOs, shows by them which session belongs to which socket.
/// </summary>
internal sealed class BioProvider : ITlsProvider
{
    private static readonly TlsFunction[] Functions =
    [
        new("BIO_write", ProbeRole.BioWrite, ProbeArguments.Count),
        new("BIO_read", ProbeRole.BioRead, ProbeArguments.Count),
        new("BIO_write_ex", ProbeRole.BioWrite, ProbeArguments.CountByPointer),
        new("BIO_read_ex", ProbeRole.BioRead, ProbeArguments.CountByPointer),
    ];

    public string Library => "OpenSSL BIO";

    public IEnumerable<string> Symbols => Functions.Select(function => function.Name);

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        var sites = SharedCore.Prefer(candidate, candidate.Sites(Functions), "BIO_read", "BIO_read_ex");
        return sites.IsEmpty ? null : new TlsLibraryCode(Library, sites, "shows the ciphertext of memory BIOs") { Use = TlsUse.MemoryBios };
    }
}
